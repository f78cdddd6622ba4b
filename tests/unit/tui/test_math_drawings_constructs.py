"""How each construct of LaTeX is drawn.

Each picture was read as a reader would; a change of the layout shows up here.
"""

from __future__ import annotations

from tests.cases import for_each
from tui.math import draw_with_baseline

DRAWINGS = [
    (
        "weight matrix",
        r"\begin{bmatrix} W_{11} & \cdots & W_{1n} \\ \vdots & \ddots & \vdots \\ W_{m1} "
        r"& \cdots & W_{mn} \end{bmatrix}",
        76,
        """
⎡ W₁₁  ⋯  W₁ₙ ⎤
⎢  ⋮   ⋱   ⋮  ⎥
⎣ Wₘ₁  ⋯  Wₘₙ ⎦
""",
    ),
    (
        "determinant",
        r"\begin{vmatrix} a & b \\ c & d\end{vmatrix} = ad - bc",
        76,
        """
│ a  b │ = ad − bc
│ c  d │
""",
    ),
    (
        "column",
        r"\mathbf{x} = \begin{pmatrix} x_1 \\ x_2 \\ x_3 \end{pmatrix}",
        76,
        """
    ⎛ x₁ ⎞
x = ⎜ x₂ ⎟
    ⎝ x₃ ⎠
""",
    ),
    (
        "cases with a fraction",
        r"y = \begin{cases} \frac{1}{x} & \text{if } x \ne 0 \\ 0 & \text{else} "
        r"\end{cases}",
        76,
        """
    ⎧ 1
    ⎪───   if x ≠ 0
y = ⎨ x
    ⎪
    ⎩0     else
""",
    ),
    (
        "aligned",
        r"\begin{aligned} L &= \frac12 \sum_i (y_i-\hat y_i)^2 \\ &= \frac12 \|y-\hat "
        r"y\|^2 \end{aligned}",
        76,
        """
      ⎲
L = ½ ⎳ (yᵢ − ŷᵢ)²
      i

  = ½‖y − ŷ‖²
""",
    ),
    (
        "underbrace",
        r"\underbrace{(a_i^{n_l} - "
        r"y_i)}_{\text{error}}\,\underbrace{\sigma'(z_i^{n_l})}_{\text{slope}}",
        76,
        """
  nₗ           nₗ
(aᵢ  − yᵢ) σ′(zᵢ )
╰───┬────╯ ╰──┬──╯
  error     slope
""",
    ),
    (
        "overbrace",
        r"\overbrace{a+b}^{\text{sum}} + c",
        76,
        """
 sum
╭─┴─╮
a + b + c
""",
    ),
    (
        "quadratic root",
        r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}",
        76,
        """
           ________
     −b ± √b² − 4ac
x = ────────────────
           2a
""",
    ),
    (
        "roots",
        r"\sqrt[3]{8}, \sqrt{x}, \sqrt{\frac{a}{b}}",
        76,
        """
          ┌───
  _   _   │ a
³√8, √x,  │───
         ╲│ b
""",
    ),
    (
        "product and binomial",
        r"\prod_{i=1}^n \binom{n}{k} = \frac{n!}{k!\,(n-k)!}",
        76,
        """
 n
┬─┬ ⎛n⎞        n!
│ │ ⎜ ⎟ = ─────────────
i=1 ⎝k⎠    k! (n − k)!
""",
    ),
    (
        "nested fractions",
        r"\frac{1}{1+\frac{1}{x}}",
        76,
        """
    1
─────────
      1
 1 + ───
      x
""",
    ),
    (
        "delimiters",
        r"\left|\frac{x}{2}\right|_{x=0} + \left\{\frac{a}{b}\right\} + "
        r"\left.\frac{dy}{dx}\right|_{x=0}^{2}",
        76,
        """
│ x │      ⎧ a ⎫    dy │²
│───│    + ⎨───⎬ + ────│
│ 2 │ₓ₌₀   ⎩ b ⎭    dx │ₓ₌₀
""",
    ),
    (
        "middle",
        r"P\left(\left.\frac{a}{b}\right|c\right) \left\langle x\,\middle|\,y\right\rangle",
        76,
        """
 ⎛ a │  ⎞
P⎜───│ c⎟ ⟨x | y⟩
 ⎝ b │  ⎠
""",
    ),
    (
        "accents",
        r"\bar{x} = \hat y + \tilde{w}_i^2 + \overline{a+b} + \hat\beta^2 + \vec v",
        76,
        """
         2
_       ~    _____   ^    →
x = ŷ + wᵢ + a + b + β² + v
""",
    ),
    (
        "limits",
        r"\max_i x_i, \arg\max_k \hat y_k, \lim_{h\to0} \frac{f(x+h)}{h}, "
        r"\sum_{\substack{i=1\\ i\ne j}}^n",
        76,
        """
                                     n
                         f(x + h)    ⎲
max xᵢ, arg max ŷₖ, lim ──────────,  ⎳
 i           k      h→0     h       i=1
                                    i≠j
""",
    ),
    (
        "integral",
        r"\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}",
        76,
        """
⌠∞   −x²       _
⌡−∞ e    dx = √π
""",
    ),
    (
        "fraction in a script",
        r"e^{-\frac{(x-\mu)^2}{2\sigma^2}} + x_i^2 + W_1^\top x + f'(x) + {x^2}^3",
        76,
        """
 −(x−μ)²/(2σ²)    2    ⊤
e              + xᵢ + W₁x + f′(x) + (x²)³
""",
    ),
    (
        "long and short superscripts",
        r"e^{-(2y-1)z} + x^{(t+1)} + a^{l+1}_q",
        76,
        """
 −(2y−1)z
e         + x⁽ᵗ⁺¹⁾ + aˡ⁺¹
                      q
""",
    ),
    (
        "boxed and stacked",
        r"\boxed{E = mc^2} \stackrel{\text{def}}{=} x",
        76,
        """
┌─────────┐ def
│ E = mc² │  =  x
└─────────┘
""",
    ),
    (
        "signs",
        r"-3x, (-y), a=-b, 2\cdot(-3), x_{-1}, -\log x, 3 * 4, \forall x \in "
        r"\mathbb{R}^n: x \notin A",
        76,
        """
−3x, (−y), a = −b, 2 · (−3), x₋₁, −log x, 3 ∗ 4, ∀x ∈ ℝⁿ : x ∉ A
""",
    ),
    (
        "big delimiters",
        r"\Big(\frac{a}{b}\Big) \bigl( x \bigr)",
        76,
        """
⎛ a ⎞
⎜───⎟(x)
⎝ b ⎠
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
