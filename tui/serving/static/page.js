// What textual.js leaves out: why the visit ended, keys for tablets, a font before it is measured.
(() => {
  "use strict";
  let socket = null;
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      socket = this;
      this.addEventListener("close", (event) => {
        if (event.reason) document.getElementById("reason").textContent = event.reason;
        document.getElementById("again").focus();
      });
    }
  };
  const unescaped = (text) =>
    text.replace(/\\x(..)/g, (_, code) => String.fromCharCode(parseInt(code, 16)))
      .replace(/\\t/g, "\t").replace(/\\r/g, "\r");
  const focus = () => document.querySelector(".xterm-helper-textarea")?.focus();

  const begin = window.onload;  // textual.js measures the font and connects here
  window.onload = async (event) => {
    const terminal = document.getElementById("terminal");
    if (!terminal.dataset.fontSize) {
      // 80 columns shall fit, on a tablet too.
      const fitting = Math.floor(window.innerWidth / 80 / 0.605);
      terminal.dataset.fontSize = String(Math.max(8, Math.min(16, fitting)));
    }
    const font = `${terminal.dataset.fontSize}px "Roboto Mono"`;
    const late = new Promise((resolve) => setTimeout(resolve, 3000));
    const fonts = Promise.all([document.fonts.load(font), document.fonts.load(`bold ${font}`)]);
    await Promise.race([fonts.catch(() => {}), late]);
    begin(event);
    focus();
    document.getElementById("again").addEventListener("click", () => location.replace("/"));
    for (const button of document.querySelectorAll("#keys button")) {
      button.addEventListener("click", () => {
        if (socket?.readyState === 1)
          socket.send(JSON.stringify(["stdin", unescaped(button.dataset.keys)]));
      });
    }
  };
})();
