"""How the formulas of the course are drawn.

Each picture was read as a reader would; a change of the layout shows up here.
"""

from __future__ import annotations

from tests.cases import for_each
from tui.math import draw_with_baseline

DRAWINGS = [
    (
        "output delta",
        r"\delta_i^{n_l} = \frac{\partial}{\partial z_i^{n_l}} \frac12 \sum_j (a_j^{n_l} "
        r"- y_j)^2",
        76,
        """
 nₗ     ∂      ⎲   nₗ
δᵢ  = ────── ½ ⎳ (aⱼ  − yⱼ)²
         nₗ    j
       ∂zᵢ
""",
    ),
    (
        "hidden delta",
        r"\delta_i^l = \left(\sum_{j=1}^{S_{l+1}} \delta_j^{l+1} W^l_{ji}\right) "
        r"\sigma'(z_i^l)",
        76,
        """
     ⎛Sₗ₊₁        ⎞
 l   ⎜ ⎲    l+1 l ⎟     l
δᵢ = ⎜ ⎳   δⱼ  Wⱼᵢ⎟ σ′(zᵢ)
     ⎝j=1         ⎠
""",
    ),
    (
        "weight gradient, index form",
        r"\frac{\partial L}{\partial W^l_{ij}} = \delta_i^{l+1} a_j^l",
        76,
        """
  ∂L      l+1 l
────── = δᵢ  aⱼ
   l
 ∂Wᵢⱼ
""",
    ),
    (
        "weight gradient, matrix form",
        r"\frac{\partial L}{\partial W^l} = a^l (\delta^{l+1})^\top",
        76,
        """
 ∂L
───── = aˡ(δˡ⁺¹)ᵀ
 ∂Wˡ
""",
    ),
    (
        "hidden delta, matrix form",
        r"\delta^l = (W^l\delta^{l+1}) \odot \sigma'(z^l)",
        76,
        """
δˡ = (Wˡδˡ⁺¹) ⊙ σ′(zˡ)
""",
    ),
    (
        "output delta, matrix form",
        r"\delta^{n_l} = (a^{n_l}-y)\odot\sigma'(z^{n_l})",
        76,
        """
 nₗ     nₗ            nₗ
δ   = (a   − y) ⊙ σ′(z  )
""",
    ),
    (
        "loss",
        r"L = \tfrac12 \| h_{W,b}(x) - y \|^2",
        76,
        """
L = ½‖h   (x) − y‖²
       W,b
""",
    ),
    (
        "forward",
        r"z^{l+1} = (W^l)^\top a^l + b^l, \quad a^{l+1} = \sigma(z^{l+1})",
        76,
        """
zˡ⁺¹ = (Wˡ)ᵀaˡ + bˡ,   aˡ⁺¹ = σ(zˡ⁺¹)
""",
    ),
    (
        "sigmoid",
        r"\sigma(z) = \frac{1}{1+e^{-z}}",
        76,
        """
           1
σ(z) = ─────────
        1 + e⁻ᶻ
""",
    ),
    (
        "tanh",
        r"\tanh z = \frac{e^z-e^{-z}}{e^z+e^{-z}}",
        76,
        """
          eᶻ − e⁻ᶻ
tanh z = ──────────
          eᶻ + e⁻ᶻ
""",
    ),
    (
        "softmax",
        r"\hat y_j = \frac{\exp(o_j)}{\sum_k \exp(o_k)}",
        76,
        """
       exp(oⱼ)
ŷⱼ = ────────────
      ∑ₖ exp(oₖ)
""",
    ),
    (
        "softmax Jacobian",
        r"\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij} - p_j)",
        76,
        """
 ∂pᵢ
───── = pᵢ(δᵢⱼ − pⱼ)
 ∂zⱼ
""",
    ),
    (
        "softmax gradient",
        r"\nabla_{\theta_q} L = -\frac{1}{m}\sum_{i=1}^m \left( I\{y^{(i)}=q\} - "
        r"P(y^{(i)}=q \mid \mathbf{x}^{(i)}) \right) \mathbf{x}^{(i)}",
        76,
        """
              m
          1   ⎲
∇  L = − ───  ⎳  (I{y⁽ⁱ⁾ = q} − P(y⁽ⁱ⁾ = q | x⁽ⁱ⁾))x⁽ⁱ⁾
 θ        m  i=1
  q
""",
    ),
    (
        "softmax gradient in a narrow pane",
        r"\nabla_{\theta_q} L = -\frac{1}{m}\sum_{i=1}^m \left( I\{y^{(i)}=q\} - "
        r"P(y^{(i)}=q \mid \mathbf{x}^{(i)}) \right) \mathbf{x}^{(i)}",
        40,
        """
              m
          1   ⎲  ⎛I{y⁽ⁱ⁾ = q}    ⎞
∇  L = − ───  ⎳  ⎜  − P(y⁽ⁱ⁾ = q ⎟x⁽ⁱ⁾
 θ        m  i=1 ⎝        | x⁽ⁱ⁾)⎠
  q
""",
    ),
    (
        "log-sum-exp",
        r"\log\sum_k e^{o_k} = m + \log\sum_k e^{o_k-m}",
        76,
        """
    ⎲  oₖ           ⎲  oₖ−m
log ⎳ e   = m + log ⎳ e
    k               k
""",
    ),
    (
        "entropy",
        r"H(p,q) = -\sum_x p(x)\log q(x) = H(p) + D_{\mathrm{KL}}(p\,\|\,q)",
        76,
        """
            ⎲
H(p, q) = − ⎳ p(x) log q(x) = H(p) + D  (p ‖ q)
            x                         KL
""",
    ),
    (
        "entropy in a narrow pane",
        r"H(p,q) = -\sum_x p(x)\log q(x) = H(p) + D_{\mathrm{KL}}(p\,\|\,q)",
        40,
        """
            ⎲
H(p, q) = − ⎳ p(x) log q(x)
            x

        = H(p) + D  (p ‖ q)
                  KL
""",
    ),
    (
        "normal density",
        r"p(y\mid \mathbf{x}) = \frac{1}{\sqrt{2\pi\sigma^2}} "
        r"\exp\left(-\frac{1}{2\sigma^2}(y-\mathbf{w}^\top\mathbf{x}-b)^2\right)",
        76,
        """
              1       ⎛    1                 ⎞
p(y | x) = ─────── exp⎜− ───── (y − wᵀx − b)²⎟
             ____     ⎝   2σ²                ⎠
            √2πσ²
""",
    ),
    (
        "normal density in a narrow pane",
        r"p(y\mid \mathbf{x}) = \frac{1}{\sqrt{2\pi\sigma^2}} "
        r"\exp\left(-\frac{1}{2\sigma^2}(y-\mathbf{w}^\top\mathbf{x}-b)^2\right)",
        40,
        """
              1
p(y | x) = ───────
             ____
            √2πσ²

              ⎛    1                 ⎞
           exp⎜− ───── (y − wᵀx − b)²⎟
              ⎝   2σ²                ⎠
""",
    ),
    (
        "likelihood",
        r"-\log P(\mathbf{y}\mid\mathbf{X}) = \sum_{i=1}^n \frac12\log(2\pi\sigma^2) + "
        r"\frac{1}{2\sigma^2}\left(y^{(i)} - \mathbf{w}^\top\mathbf{x}^{(i)} - b\right)^2",
        76,
        """
                 n
                 ⎲                  1
−log P(y | X) =  ⎳  ½ log(2πσ²) + ───── (y⁽ⁱ⁾ − wᵀx⁽ⁱ⁾ − b)²
                i=1                2σ²
""",
    ),
    (
        "likelihood in a narrow pane",
        r"-\log P(\mathbf{y}\mid\mathbf{X}) = \sum_{i=1}^n \frac12\log(2\pi\sigma^2) + "
        r"\frac{1}{2\sigma^2}\left(y^{(i)} - \mathbf{w}^\top\mathbf{x}^{(i)} - b\right)^2",
        46,
        """
                 n
                 ⎲
−log P(y | X) =  ⎳  ½ log(2πσ²)
                i=1

                    1
                + ───── (y⁽ⁱ⁾ − wᵀx⁽ⁱ⁾ − b)²
                   2σ²
""",
    ),
    (
        "trace",
        r"\frac{\partial \operatorname{tr}(AXBX)}{\partial X} = A^\top X^\top B^\top + "
        r"B^\top X^\top A^\top",
        76,
        """
 ∂ tr(AXBX)
──────────── = AᵀXᵀBᵀ + BᵀXᵀAᵀ
     ∂X
""",
    ),
    (
        "trace in a narrow pane",
        r"\frac{\partial \operatorname{tr}(AXBX)}{\partial X} = A^\top X^\top B^\top + "
        r"B^\top X^\top A^\top",
        24,
        """
 ∂ tr(AXBX)
──────────── = AᵀXᵀBᵀ
     ∂X

  + BᵀXᵀAᵀ
""",
    ),
    (
        "leaky ReLU",
        r"f(x)=\begin{cases} x & x>0 \\ \alpha x & \text{otherwise}\end{cases}",
        76,
        """
       ⎧x    x > 0
f(x) = ⎨
       ⎩αx   otherwise
""",
    ),
    (
        "closed form",
        r"\mathbf{w}^* = \argmin_{\mathbf{w}} \|\mathbf{X}\mathbf{w}-\mathbf{y}\|^2 = "
        r"(\mathbf{X}^\top \mathbf{X})^{-1}\mathbf{X}^\top\mathbf{y}",
        76,
        """
w* = arg min ‖Xw − y‖² = (XᵀX)⁻¹Xᵀy
        w
""",
    ),
    (
        "update",
        r"w \leftarrow w - \eta \frac{\partial E}{\partial w}",
        76,
        """
           ∂E
w ← w − η ────
           ∂w
""",
    ),
]


@for_each(
    ("latex", "width", "picture"),
    [drawing[1:] for drawing in DRAWINGS],
    ids=[drawing[0] for drawing in DRAWINGS],
)
def test_drawing(latex: str, width: int, picture: str) -> None:
    drawn = str(draw_with_baseline(latex, width))
    assert drawn.strip("\n") == picture.strip("\n")
