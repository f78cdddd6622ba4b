"""Formulas in prose: one line, and only one way to read it."""

from __future__ import annotations

from tests.cases import for_each
from tests.unit.tui.math_samples import FORMULAS
from tui.math import cell_width, inline, line_text


@for_each(
    ("latex", "text"),
    [
        (r"\delta_i^{l}", "δᵢˡ"),
        (r"\delta_i^{n_l}", "δᵢ^(nₗ)"),
        (r"\partial L / \partial z_i^{l}", "∂L/∂zᵢˡ"),
        (r"\frac{\partial L}{\partial W^l_{ij}}", "∂L/∂Wᵢⱼˡ"),
        (r"X^{T}X + W^\top", "XᵀX + Wᵀ"),
        (r"\sigma'(z)", "σ′(z)"),
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{a}{b+c}", "a/(b + c)"),
        (r"\frac{1}{2\sigma^2}", "1/(2σ²)"),
        (r"\frac{1}{\sigma^2}", "1/σ²"),
        (r"\frac{1}{10}", "1/10"),
        (r"\frac{1}{\hat y (1 - \hat y)}", "1/(ŷ(1 − ŷ))"),
        (r"\frac{1}{\sigma(1 - \sigma)}", "1/(σ(1 − σ))"),
        (r"\frac{a}{\sigma(z)}", "a/σ(z)"),
        (r"\frac{a}{b}c", "(a/b) c"),
        (r"c\frac{a}{b}", "c (a/b)"),
        (r"\log\frac{a}{b}", "log (a/b)"),
        (r"\frac{\log a}{b}", "(log a)/b"),
        (r"\frac{\exp(a)}{b}", "exp(a)/b"),
        (r"\frac{a}{\frac{b}{c}}", "a/(b/c)"),
        (r"\left(\frac{a}{b}\right)^2", "(a/b)²"),
        (r"{\frac{a}{b}}^2", "(a/b)²"),
        (r"-\frac{1}{m}\sum_{i=1}^m x_i", "−(1/m) ∑ᵢ₌₁ᵐ xᵢ"),
        (r"a-\frac{b}{c}", "a − b/c"),
        (r"\frac12", "½"),
        (r"\sqrt{x}", "√x"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        (r"\sqrt[3]{x}", "³√x"),
        (r"\theta_q", "θ_q"),
        (r"\theta_q L", "θ_q L"),
        (r"f_q(x)", "f_q (x)"),
        (r"\theta_q^2", "θ_(q)²"),
        (r"\nabla_{\theta_q} L", "∇_(θ_q)L"),
        (r"h_{W,b}(x)", "h_(W,b)(x)"),
        (r"e^{-x^2}", "e^(−x²)"),
        (r"{x^2}^3", "(x²)³"),
        (r"{a+b}^2", "(a + b)²"),
        (r"w^* x", "w* x"),
        (r"\arg\max_k \hat y_k", "arg maxₖ ŷₖ"),
        (r"\min_{w,b} L", "min_(w,b) L"),
        (r"p \mid q", "p | q"),
        (r"\mathbb{R}^{S_l\times S_{l+1}}", "ℝ^(Sₗ×Sₗ₊₁)"),
        (r"\begin{bmatrix}1&0\\0&1\end{bmatrix}", "[1 0; 0 1]"),
        (r"\begin{cases}x & x>0\\0 & \text{else}\end{cases}", "{x, x > 0; 0, else}"),
        (r"\underbrace{a-y}_{\text{error}}", "(a − y) [error]"),
        (r"\left.\frac{dy}{dx}\right|_{x=0}", "(dy/dx)|ₓ₌₀"),
        (r"\binom{n}{k}", "binom(n, k)"),
        (r"\hat\beta + \overline{ab}", "β̂ + bar(ab)"),
        (r"a\not\in A", "a ∉ A"),
    ],
)
def test_inline(latex: str, text: str) -> None:
    assert line_text(inline(latex)) == text


@for_each("latex", FORMULAS)
def test_inline_is_one_line_without_commands(latex: str) -> None:
    text = line_text(inline(latex))
    assert "\\" not in text
    assert "\n" not in text
    assert cell_width(text) > 0


def test_drawing_a_formula_leaves_the_function_in_place() -> None:
    # A module `tui.math.inline`, imported when first needed, would take the function's name.
    import tui.math

    tui.math.inline.cache_clear()
    tui.math.inline("x^2")
    assert callable(tui.math.inline)
