#!/usr/bin/env python3
"""Computes the coefficients of the mathematical functions and prints `src/math/coef.rs`.

Each polynomial is the minimax approximation of a smooth remainder: the part of the function that is left when the
leading terms are taken out exactly. It is found by Remez's exchange algorithm (E. Remez, 1934) in 60 digits, with the
weight that makes the *relative* error of the whole function equal-ripple. Run: `python3 gen/coef.py > src/math/coef.rs`
then `rustfmt` it. Needs mpmath.
"""
from mpmath import mp, mpf, exp, log, sin, cos, sinh, atan, asin, erf, erfc, sqrt, cbrt, pi, matrix, lu_solve, inf, sign, floor, nint, taylor

mp.dps = 60
LN2 = log(2)


def remez(f, w, a, b, n):
    """n coefficients p with max over [a, b] of |w (f - p)| least; returns (p, that maximum)."""
    a, b = mpf(a), mpf(b)
    m = n + 1
    xs = [(a + b) / 2 - (b - a) / 2 * cos(pi * (2 * i + 1) / (2 * m)) for i in range(m)]
    for _ in range(12):
        rows = matrix(m, m)
        rhs = matrix(m, 1)
        for i, x in enumerate(xs):
            for j in range(n):
                rows[i, j] = x ** j
            rows[i, n] = (-1) ** i / w(x)
            rhs[i] = f(x)
        sol = lu_solve(rows, rhs)
        p = [sol[j] for j in range(n)]

        def err(x):
            s = mpf(0)
            for c in reversed(p):
                s = s * x + c
            return w(x) * (f(x) - s)

        # The largest error between two neighbouring sign changes, on a cosine-spaced grid refined by a parabola.
        g = 24 * m
        grid = [(a + b) / 2 - (b - a) / 2 * cos(pi * i / g) for i in range(g + 1)]
        vals = [err(x) for x in grid]
        runs = []
        for i, v in enumerate(vals):
            if not runs or sign(v) != sign(vals[runs[-1]]):
                runs.append(i)
            elif abs(v) > abs(vals[runs[-1]]):
                runs[-1] = i
        while len(runs) > m:
            if abs(vals[runs[0]]) < abs(vals[runs[-1]]):
                runs.pop(0)
            else:
                runs.pop()
        if len(runs) < m:
            break
        new = []
        for i in runs:
            if 0 < i < g:
                x0, x1, x2 = grid[i - 1], grid[i], grid[i + 1]
                y0, y1, y2 = vals[i - 1], vals[i], vals[i + 1]
                d1 = (y1 - y0) / (x1 - x0)
                d2 = (y2 - y1) / (x2 - x1)
                c2 = (d2 - d1) / (x2 - x0)
                x = (x0 + x1) / 2 - d1 / (2 * c2) if c2 != 0 else x1
                new.append(x if x0 < x < x2 else x1)
            else:
                new.append(grid[i])
        hi = max(abs(err(x)) for x in new)
        lo = min(abs(err(x)) for x in new)
        xs = new
        if hi < lo * mpf('1.001'):
            break
    return p, max(max(abs(v) for v in vals), hi)


def lit(x):
    return repr(float(x))


def split(x, n, bits=53):
    """x as n doubles of `bits` bits each (the last one full), largest first."""
    out = []
    for i in range(n):
        if i + 1 < n and bits < 53:
            e = floor(log(abs(x), 2))
            u = mpf(2) ** (e - bits + 1)
            h = mpf(float(nint(x / u) * u))
        else:
            h = mpf(float(x))
        out.append(h)
        x = x - h
    return out


def const(name, doc, x):
    print(f"/// {doc}\npub(crate) const {name}: f64 = {lit(x)};")


def array(name, doc, xs):
    body = ", ".join(lit(x) for x in xs)
    print(f"/// {doc}\npub(crate) const {name}: [f64; {len(xs)}] = [{body}];")


def fit(name, doc, f, w, a, b, n):
    p, e = remez(f, w, a, b, n)
    bits = float(log(e, 2)) if e > 0 else -999
    array(name, f"{doc} Relative error of the whole: 2^{bits:.1f}.", p)


def series(f, terms):
    """Avoids cancellation near zero: the Taylor coefficients of a remainder, summed where the argument is small."""
    def g(x):
        s = mpf(0)
        for c in reversed(terms):
            s = s * x + c
        return s
    return lambda x: g(x) if abs(x) < mpf('1e-6') else f(x)


fact = mp.factorial
tiny = mpf('1e-30')
print("//! Constants and minimax coefficients, computed by `gen/coef.py` (Remez exchange in 60 digits); do not edit by hand.")
print("//! Lists are in ascending powers. The comment on each says what it approximates and how well before rounding.")
print()
print("#![allow(clippy::excessive_precision, clippy::approx_constant, reason = \"the digits are those of the double\")]")
print()
const("LOG2_E", "log2(e).", 1 / LN2)
l = split(LN2, 2, 40)
const("LN2_HI", "ln 2 to 40 bits, so that its product with an exponent is exact.", l[0])
const("LN2_LO", "ln 2 - LN2_HI.", l[1])
const("LN2", "ln 2.", LN2)
l = split(1 / LN2, 2)
const("INV_LN2_HI", "1 / ln 2.", l[0])
const("INV_LN2_LO", "1 / ln 2 - INV_LN2_HI.", l[1])
l = split(1 / log(10), 2)
const("INV_LN10_HI", "1 / ln 10.", l[0])
const("INV_LN10_LO", "1 / ln 10 - INV_LN10_HI.", l[1])
l = split(LN2 / log(10), 2, 40)
const("LOG10_2_HI", "log10(2) to 40 bits.", l[0])
const("LOG10_2_LO", "log10(2) - LOG10_2_HI.", l[1])
const("TWO_OVER_PI", "2 / pi.", 2 / pi)
h = split(pi / 2, 3)
const("HALF_PI_1", "pi / 2, first part.", h[0])
const("HALF_PI_2", "pi / 2, second part.", h[1])
const("HALF_PI_3", "pi / 2, third part.", h[2])
t = split(mpf(2) / 3, 2)
const("TWO_THIRDS_LO", "2/3 less its nearest double.", t[1])

r = LN2 / 2 * mpf('1.0001')
e2 = series(lambda x: (exp(x) - 1 - x) / x ** 2, [1 / fact(k + 2) for k in range(12)])
fit("EXP", "exp(r) = 1 + r + r^2 EXP(r), |r| <= ln2/2.", e2, lambda x: (x * x + tiny) / exp(x), -r, r, 10)
fit("EXP_F", "As EXP, for single precision.", e2, lambda x: (x * x + tiny) / exp(x), -r, r, 5)
x2 = series(lambda x: (mpf(2) ** x - 1 - LN2 * x) / x ** 2, [LN2 ** (k + 2) / fact(k + 2) for k in range(12)])
fit("EXP2", "2^r = 1 + r ln2 + r^2 EXP2(r), |r| <= 1/2.", x2, lambda x: (x * x + tiny) / mpf(2) ** x, -0.5001, 0.5001, 10)
fit("EXP2_F", "As EXP2, for single precision.", x2, lambda x: (x * x + tiny) / mpf(2) ** x, -0.5001, 0.5001, 5)
zmax = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2 * mpf('1.0001')
lg = series(lambda z: (2 * mp.atanh(sqrt(z)) / sqrt(z) - 2) / z, [mpf(2) / (2 * k + 3) for k in range(16)])
fit("LOG", "ln((1+s)/(1-s)) = 2s + s z LOG(z), z = s^2 <= 0.0295.", lg, lambda z: z / 2 + tiny, 0, zmax, 7)
lg2 = series(lambda z: (lg(z) - mpf(2) / 3) / z, [mpf(2) / (2 * k + 5) for k in range(16)])
fit("LOG_POW", "ln((1+s)/(1-s)) = 2s + s z (2/3 + z LOG_POW(z)), for the logarithm of `pow`.", lg2, lambda z: z * z / 2 + tiny, 0, zmax, 8)
lf = series(lambda f: (log(1 + f) - f) / f ** 2, [mpf(-1) ** (k + 1) / (k + 2) for k in range(24)])
fit("LOG_F", "ln(1+f) = f + f^2 LOG_F(f), single precision.", lf, lambda f: f * f / log(1 + f) if abs(f) > tiny else abs(f) + tiny, sqrt(mpf(2)) / 2 - 1 - mpf('1e-5'), sqrt(mpf(2)) - 1 + mpf('1e-5'), 10)
fit("LOG_POWF", "ln((1+s)/(1-s)) = 2s + s z LOG_POWF(z), for the single-precision `pow`.", lg, lambda z: z / 2 + tiny, 0, zmax, 5)
q = (pi / 4 * mpf('1.001')) ** 2
sn = series(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, [mpf(-1) ** (k + 1) / fact(2 * k + 3) for k in range(10)])
cs = series(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2, [mpf(-1) ** k / fact(2 * k + 4) for k in range(10)])
fit("SIN", "sin r = r + r z SIN(z), z = r^2, |r| <= pi/4.", sn, lambda z: z + tiny, 0, q, 6)
fit("COS", "cos r = 1 - z/2 + z^2 COS(z), |r| <= pi/4.", cs, lambda z: (z * z + tiny) / cos(sqrt(z)), 0, q, 6)
fit("SIN_F", "As SIN, for single precision.", sn, lambda z: z + tiny, 0, q, 3)
fit("COS_F", "As COS, for single precision.", cs, lambda z: (z * z + tiny) / cos(sqrt(z)), 0, q, 3)
sh = series(lambda z: (sinh(sqrt(z)) / sqrt(z) - 1) / z, [1 / fact(2 * k + 3) for k in range(10)])
fit("SINH", "sinh x = x + x z SINH(z), z = x^2 <= 1.", sh, lambda z: z + tiny, 0, mpf("1.001"), 7)
fit("SINH_F", "As SINH, for single precision.", sh, lambda z: z + tiny, 0, mpf('1.001'), 4)
at = series(lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, [mpf(-1) ** (k + 1) / (2 * k + 3) for k in range(30)])
fit("ATAN", "atan t = t + t z ATAN(z), |t| <= 7/16.", at, lambda z: z * sqrt(z) / atan(sqrt(z)) if z > tiny else z + tiny, 0, (mpf(7) / 16) ** 2, 11)
fit("ATAN_F", "atan t = t + t z ATAN_F(z), |t| <= 1, single precision.", at, lambda z: z * sqrt(z) / atan(sqrt(z)) if z > tiny else z + tiny, 0, 1, 11)


def asc(k):
    # Coefficients of (asin(x)/x - 1)/z in z.
    k = k + 1
    return fact(2 * k) / (mpf(4) ** k * fact(k) ** 2 * (2 * k + 1))


as_ = series(lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, [asc(k) for k in range(30)])
fit("ASIN", "asin x = x + x z ASIN(z), z = x^2 <= 1/4.", as_, lambda z: z + tiny, 0, mpf('0.25'), 13)
fit("ASIN_F", "As ASIN, for single precision.", as_, lambda z: z + tiny, 0, mpf('0.25'), 6)
array("ATAN_HI", "atan of 0, 1/2, 1, 3/2 and infinity.", [atan(mpf(c)) for c in ('0', '0.5', '1', '1.5')] + [pi / 2])
array("ATAN_LO", "What ATAN_HI leaves.", [x - mpf(float(x)) for x in [atan(mpf(c)) for c in ('0', '0.5', '1', '1.5')] + [pi / 2]])
er = series(lambda z: erf(sqrt(z)) / sqrt(z) - 1, [2 / sqrt(pi) * mpf(-1) ** k / (fact(k) * (2 * k + 1)) - (1 if k == 0 else 0) for k in range(14)])
fit("ERF", "erf x = x + x ERF(z), z = x^2 <= 1.", er, lambda z: sqrt(z) / erf(sqrt(z)) if z > tiny else mpf(1), 0, 1, 12)
fit("ERF_F", "As ERF, for single precision.", er, lambda z: sqrt(z) / erf(sqrt(z)) if z > tiny else mpf(1), 0, 1, 7)
A = mpf(4)


def scaled(t):
    # (1 + 2x) exp(x^2) erfc(x) at x = A (1+t)/(1-t)
    x = A * (1 + t) / (1 - t)
    return (1 + 2 * x) * exp(x * x) * erfc(x)


mid = scaled(mpf(0))
const("ERFC_MID", "(1 + 2x) exp(x^2) erfc(x) at x = 4.", mid)
const("ERFC_MID_LO", "What ERFC_MID leaves.", mid - mpf(float(mid)))
h0 = mpf('1e-15')
sc = lambda t: (scaled(t) - mid) / t if abs(t) > mpf('1e-20') else (scaled(h0) - scaled(-h0)) / (2 * h0)
top = lambda x: (mpf(x) - A) / (mpf(x) + A)
fit("ERFC", "(1 + 2x) exp(x^2) erfc(x) = ERFC_MID + t ERFC(t), t = (x-4)/(x+4), 0 <= x <= 28.", sc, lambda t: abs(t) + mpf('1e-6'), -1, top("28"), 23)
fit("ERFC_F", "As ERFC, 0 <= x <= 10.5, for single precision.", sc, lambda t: abs(t) + mpf('1e-6'), -1, top("10.5"), 12)
fit("CBRT", "cube root on [1, 2], a first guess.", lambda x: cbrt(x), lambda x: 1 / cbrt(x), 1, 2, 5)
array("CBRT_POWER", "Cube roots of 1/2, 1 and 2.", [1 / cbrt(mpf(2)), mpf(1), cbrt(mpf(2))])

# Reduction of huge angles: x = X 2^(16 j) with X an integer below 2^69. Row j is 2^(16 j) 2/pi mod 4 in four doubles,
# the number in [0, 4): products of it are rounded to whole numbers by adding 1.5 2^52, which is right for all that are not negative.
rows = []
mp.dps = 420
two_over_pi = 2 / pi
for j in range(64):
    v = two_over_pi * mpf(2) ** (16 * j)
    v = v - 4 * floor(v / 4)
    parts = []
    for i in range(4):
        p = mpf(float(v))
        parts.append(p)
        v -= p
    rows.append(parts)
for i in range(4):
    body = ", ".join(lit(r[i]) for r in rows)
    print(f"/// 2^(16 j) 2/pi modulo 4, in [0, 4), part {i + 1} of 4, for j = 0 to 63.")
    print(f"pub(crate) static TWO_OVER_PI_{i + 1}: [f64; 64] = [{body}];")
