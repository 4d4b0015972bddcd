"""JAX's programs for the benchmark `offload`, as StableHLO text: value and gradient of each model, arguments and results flat and in order.

    python benches/peers/jax_offload.py [FOLDER]

They are in the project, in benches/offload/jax, so that the benchmark needs no Python; this makes them again. JAX may be installed with

    python3 -m venv target/jax && target/jax/bin/pip install jax

Models are written as JAX's users would (scan for recurrences, einsum for products, while_loop for events), on the same parameters and
arguments as the Rust programs of benches/offload/models.rs. The gradient of the trebuchet is taken forward, over its three numbers: JAX has no
reverse mode through loops of unknown length.
"""

import math
import pathlib
import sys

import jax
import jax.numpy as np
import numpy

jax.config.update("jax_enable_x64", True)
F32, F64, U64, I64 = np.float32, np.float64, np.uint64, np.int64


def of(dtype, *shape):
    return jax.ShapeDtypeStruct(shape, dtype)


def vgg19(batch, size, classes):
    parameters, plan = [], []
    features, side = 3, size
    for count, to in [(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)]:
        for _ in range(count):
            parameters += [of(F32, 3, 3, features, to), of(F32, to)]
            plan.append("conv")
            features = to
        plan.append("pool")
        side //= 2
    for a, b in [(side * side * 512, 4096), (4096, 4096), (4096, classes)]:
        parameters += [of(F32, a, b), of(F32, b)]

    def loss(parameters, x, labels):
        rest = iter(parameters)
        for step in plan:
            if step == "conv":
                x = jax.lax.conv_general_dilated(
                    x, next(rest), (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
                )
                x = jax.nn.relu(x + next(rest))
            else:
                x = jax.lax.reduce_window(x, -np.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        x = x.reshape(batch, -1)
        for k in range(3):
            x = x @ next(rest) + next(rest)
            x = jax.nn.relu(x) if k < 2 else x
        picked = np.take_along_axis(jax.nn.log_softmax(x), labels[:, None], 1)
        return -picked.mean()

    return jax.value_and_grad(loss), (parameters, of(F32, batch, size, size, 3), of(U64, batch))


def lstm(time, batch, inputs, hidden):
    gates = [of(F32, inputs, 4 * hidden), of(F32, hidden, 4 * hidden), of(F32, 4 * hidden)]
    parameters = gates + [of(F32, hidden, inputs), of(F32, inputs)]

    def loss(parameters, xs, labels):
        wx, wh, bias, out, out_bias = parameters

        def step(carry, now):
            h, c = carry
            x, label = now
            i, f, g, o = np.split(x @ wx + h @ wh + bias, 4, -1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * np.tanh(g)
            h = jax.nn.sigmoid(o) * np.tanh(c)
            y = jax.nn.log_softmax(h @ out + out_bias)
            return (h, c), -np.take_along_axis(y, label[:, None], 1).mean()

        zero = np.zeros((batch, hidden), F32)
        _, losses = jax.lax.scan(step, (zero, zero), (xs, labels))
        return losses.mean()

    return jax.value_and_grad(loss), (parameters, of(F32, time, batch, inputs), of(U64, time, batch))


def gpt(batch, time, width, heads):
    parameters = [
        of(F32, width), of(F32, width), of(F32, width, 3 * width), of(F32, width, width),
        of(F32, width), of(F32, width), of(F32, width, 4 * width), of(F32, 4 * width),
        of(F32, 4 * width, width), of(F32, width),
    ]

    def norm(x, scale, bias):
        centred = x - x.mean(-1, keepdims=True)
        return centred * jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * scale + bias

    def loss(parameters, x, target):
        g1, b1, qkv, out, g2, b2, up, up_bias, down, down_bias = parameters
        q, k, v = (
            y.reshape(batch, time, heads, -1) for y in np.split(norm(x, g1, b1) @ qkv, 3, -1)
        )
        scores = np.einsum("bthd,bshd->bhts", q, k) / math.sqrt(width // heads)
        scores = np.where(np.tril(np.ones((time, time), bool)), scores, -np.inf)
        y = np.einsum("bhts,bshd->bthd", jax.nn.softmax(scores), v).reshape(batch, time, width)
        x = x + y @ out
        x = x + jax.nn.gelu(norm(x, g2, b2) @ up + up_bias) @ down + down_bias
        return ((x - target) ** 2).mean()

    x = of(F32, batch, time, width)
    return jax.value_and_grad(loss), (parameters, x, x)


def gmm(n, d, k):
    column, row = numpy.triu_indices(d, 1)
    arguments = ([of(F64, k), of(F64, k * d), of(F64, k * (d * (d + 1) // 2))], of(F64, n * d), of(F64), of(I64))

    def posterior(mixture, points, gamma, m):
        alphas, means, factors = mixture
        means, factors, points = means.reshape(k, d), factors.reshape(k, -1), points.reshape(n, d)
        log_diagonal, below = factors[:, :d], factors[:, d:]
        diagonal, log_dets = np.exp(log_diagonal), log_diagonal.sum(1)
        q = jax.vmap(np.diag)(diagonal).at[:, row, column].set(below)
        scaled = np.einsum("kij,knj->kni", q, points[None] - means[:, None])
        terms = (alphas + log_dets)[:, None] - 0.5 * (scaled**2).sum(-1)
        prior = 0.5 * gamma**2 * ((diagonal**2).sum() + (below**2).sum()) - (m * log_dets).sum()
        freedom = d + m + 1.0
        of_dimension = 0.25 * d * (d - 1) * math.log(math.pi) + jax.scipy.special.gammaln(
            0.5 * freedom - 0.5 * np.arange(d)
        ).sum()
        norm = freedom * d * (np.log(gamma) - 0.5 * math.log(2)) - of_dimension
        return (
            jax.nn.logsumexp(terms, 0).sum()
            - n * jax.nn.logsumexp(alphas)
            + prior
            - k * norm
            - 0.5 * n * d * math.log(2 * math.pi)
        )

    return jax.value_and_grad(posterior), arguments


FOOT, POUND, GRAVITY = 0.3048, 0.45359237, 9.80665
PIVOT, LONG, SHORT, HANGER, SLING = (x * FOOT for x in (5.0, 6.792, 1.75, 2.0, 6.833))
STONE, RADIUS, ARM = 0.328 * POUND, 0.1245 * FOOT, 10.65 * POUND
CENTRE, INERTIA = 0.5 * (LONG - SHORT), POUND * FOOT * FOOT
WEIGHT_INERTIA = ARM * (LONG + SHORT) ** 2 / 12
DRAG = 0.5 * math.pi * RADIUS**2 / STONE


def swinging(s, weight, sliding):
    arm, hanger, sling, va, vh, vs = s
    arm_mass = INERTIA + ARM * CENTRE**2 + weight * SHORT**2 + STONE * LONG**2
    hanger_mass, sling_mass = WEIGHT_INERTIA + weight * HANGER**2, STONE * SLING**2
    arm_hanger, arm_sling = weight * SHORT * HANGER, STONE * LONG * SLING
    heavier = ARM * CENTRE + STONE * LONG - weight * SHORT
    arm_pull = (
        arm_hanger * np.sin(hanger - arm) * vh * vh
        + arm_sling * np.sin(sling - arm) * vs * vs
        + GRAVITY * heavier * np.sin(arm)
    )
    hanger_pull = -arm_hanger * np.sin(hanger - arm) * va * va - GRAVITY * weight * HANGER * np.sin(hanger)
    sling_pull = -arm_sling * np.sin(sling - arm) * va * va + GRAVITY * STONE * SLING * np.sin(sling)
    with_hanger, with_sling = arm_hanger * np.cos(hanger - arm), arm_sling * np.cos(sling - arm)
    mass = arm_mass - with_hanger**2 / hanger_mass
    pull = arm_pull - with_hanger * hanger_pull / hanger_mass
    if sliding:
        follow = -LONG * np.sin(arm) / (SLING * np.sin(sling))
        rest = -(LONG * np.cos(arm) * va * va + SLING * np.cos(sling) * vs * vs) / (SLING * np.sin(sling))
        total = mass + follow * (2 * with_sling + follow * sling_mass)
        arm_turn = (pull + follow * sling_pull - (with_sling + follow * sling_mass) * rest) / total
        sling_turn = follow * arm_turn + rest
    else:
        total = mass - with_sling**2 / sling_mass
        arm_turn = (pull - with_sling * sling_pull / sling_mass) / total
        sling_turn = (sling_pull - with_sling * arm_turn) / sling_mass
    return np.stack([va, vh, vs, arm_turn, (hanger_pull - with_hanger * arm_turn) / hanger_mass, sling_turn])


def on_ground(s, weight):
    arm, _, sling, va, _, vs = s
    _, _, _, arm_turn, _, sling_turn = swinging(s, weight, True)
    along = LONG * (np.sin(arm) * va * va - np.cos(arm) * arm_turn)
    along += SLING * (np.sin(sling) * vs * vs - np.cos(sling) * sling_turn)
    return STONE * (GRAVITY + along * np.cos(sling) / np.sin(sling))


def stone(s):
    arm, _, sling, va, _, vs = s
    return np.stack([
        -LONG * np.sin(arm) - SLING * np.sin(sling),
        LONG * np.cos(arm) + SLING * np.cos(sling),
        -LONG * np.cos(arm) * va - SLING * np.cos(sling) * vs,
        -LONG * np.sin(arm) * va - SLING * np.sin(sling) * vs,
    ])


def until(change, left, start, h):
    # Functions of their own, or the text would be megabytes.
    change, left = jax.jit(change), jax.jit(left)

    @jax.jit
    def step(s, h):
        a = change(s)
        b = change(s + 0.5 * h * a)
        c = change(s + 0.5 * h * b)
        return s + h / 6 * (a + 2 * (b + c) + change(s + h * c))

    def more(carry):
        n, _, _, before, after = carry
        return (n < 1000) & ~((before > 0) & (after <= 0))

    def go(carry):
        n, _, state, _, before = carry
        following = step(state, h)
        return n + 1, state, following, before, left(following)

    first = left(start)
    _, state, _, before, after = jax.lax.while_loop(more, go, (0, start, start, -1.0 + 0 * first, first))
    part, d = h * before / (before - after), 1e-3 * h
    for _ in range(3):
        rise = left(step(state, part + d)) - left(step(state, part - d))
        part -= left(step(state, part)) * 2 * d / rise
    return step(state, part)


def trebuchet():
    def distance(shot):
        wind, angle, pounds = shot
        weight, angle = POUND * pounds, angle * (math.pi / 180)
        rest = np.array([0.5 * math.pi + math.asin(PIVOT / LONG), 0.0, 1.5 * math.pi, 0.0, 0.0, 0.0])
        lifted = until(lambda s: swinging(s, weight, True), lambda s: on_ground(s, weight), rest, 0.005)

        def above(s):
            _, _, along, up = stone(s)
            return up * np.cos(angle) - along * np.sin(angle)

        opened = until(lambda s: swinging(s, weight, False), above, lifted, 0.005)

        def flying(s):
            _, _, along, up = s
            through = along - wind
            drag = DRAG * np.sqrt(through * through + up * up)
            return np.stack([along, up, -drag * through, -GRAVITY - drag * up])

        return until(flying, lambda s: s[1] + PIVOT, stone(opened), 0.1)[0]

    def both(wind, angle, pounds):
        shot = (wind, angle, pounds)
        push = lambda t: jax.jvp(distance, (shot,), (tuple(t),))
        value, slopes = jax.vmap(push, out_axes=(None, 0))(np.eye(3))
        return value, *slopes

    return both, (of(F64),) * 3


# As in benches/offload/models.rs.
PROGRAMS = {
    "vgg19-64": (vgg19, 2, 64, 1000),
    "vgg19-224": (vgg19, 1, 224, 1000),
    "lstm": (lstm, 64, 32, 64, 128),
    "gpt": (gpt, 4, 128, 256, 8),
    "gmm-d10": (gmm, 1000, 10, 25),
    "gmm-d32": (gmm, 1000, 32, 25),
    "trebuchet": (trebuchet,),
}


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "offload/jax")
    folder.mkdir(parents=True, exist_ok=True)
    for name, (make, *sizes) in PROGRAMS.items():
        f, arguments = make(*sizes)
        text = jax.jit(f, keep_unused=True).lower(*arguments).as_text()
        (folder / f"{name}.mlir").write_text(text)
        print(f"{name}: {len(text)} bytes")


main()
