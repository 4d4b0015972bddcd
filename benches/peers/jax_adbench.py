"""JAX on one of ADBench's problems: prints the median time of value and gradient (gmm, lstm) or Jacobian (ba, hand), in nanoseconds.

    python benches/peers/jax_adbench.py FILE [SIZE SIZE SIZE]

The problem is told from FILE's path. Where there is no such file, mixtures and texts are made up with the sizes given (dimension,
components, points; layers, characters, bits). f64, compiled by jit, all cores; compilation is not part of the time. JAX may be
installed with

    python3 -m venv target/jax && target/jax/bin/pip install jax
"""

import math
import os
import statistics
import sys
import time

import jax
import jax.numpy as np
import numpy

jax.config.update("jax_enable_x64", True)


class Numbers:
    """The numbers of a file in turn."""

    def __init__(self, path):
        with open(path) as f:
            self.rest = iter(f.read().split())

    def int(self):
        return int(next(self.rest))

    def array(self, *shape):
        n = math.prod(shape)
        return numpy.array([float(next(self.rest)) for _ in range(n)]).reshape(shape)


def made_up(*shape, seed=0):
    return numpy.random.default_rng(seed).uniform(-1, 1, shape)


def gmm(path, sizes):
    if os.path.exists(path):
        t = Numbers(path)
        d, k, n = t.int(), t.int(), t.int()
        alphas, means, factors = t.array(k), t.array(k, d), t.array(k, d * (d + 1) // 2)
        points = t.array(n, d)
        gamma, m = float(t.array(1)[0]), t.int()
    else:
        d, k, n = sizes
        alphas, means = made_up(k, seed=1), made_up(k, d, seed=2)
        factors, points = made_up(k, d * (d + 1) // 2, seed=3), made_up(n, d, seed=4)
        gamma, m = 1.0, 0
    # Below the diagonal, column by column.
    column, row = numpy.triu_indices(d, 1)

    def posterior(alphas, means, factors):
        log_diagonal, below = factors[:, :d], factors[:, d:]
        diagonal, log_dets = np.exp(log_diagonal), log_diagonal.sum(1)
        q = jax.vmap(np.diag)(diagonal).at[:, row, column].set(below)
        scaled = np.einsum("kij,knj->kni", q, points[None] - means[:, None])
        terms = (alphas + log_dets)[:, None] - 0.5 * (scaled**2).sum(-1)
        prior = 0.5 * gamma**2 * ((diagonal**2).sum() + (below**2).sum()) - m * log_dets.sum()
        return (
            jax.nn.logsumexp(terms, 0).sum()
            - n * jax.nn.logsumexp(alphas)
            + prior
            - 0.5 * n * d * math.log(2 * math.pi)
        )

    return jax.value_and_grad(posterior, (0, 1, 2)), (alphas, means, factors)


def lstm(path, sizes):
    if os.path.exists(path):
        t = Numbers(path)
        layers, characters, bits = t.int(), t.int(), t.int()
        main, extra = t.array(layers, 2, 4, bits), t.array(3, bits)
        state, text = t.array(layers, 2, bits), t.array(characters, bits)
    else:
        layers, characters, bits = sizes
        main, extra = made_up(layers, 2, 4, bits, seed=1), made_up(3, bits, seed=2)
        state = made_up(layers, 2, bits, seed=3)
        text = (made_up(characters, bits, seed=4) > 0).astype(float)
    sigmoid = jax.nn.sigmoid

    def loss(main, extra):
        def character(state, now_and_next):
            now, following = now_and_next
            signal, new = now * extra[0], []
            for (w, b), (hidden, cell) in zip(main, state):
                change = np.tanh(hidden * w[3] + b[3])
                cell = cell * sigmoid(signal * w[0] + b[0]) + sigmoid(hidden * w[1] + b[1]) * change
                signal = sigmoid(signal * w[2] + b[2]) * np.tanh(cell)
                new.append(np.stack([signal, cell]))
            y = signal * extra[1] + extra[2]
            return np.stack(new), (following * (y - np.log(2 + np.exp(y).sum()))).sum()

        _, terms = jax.lax.scan(character, np.asarray(state), (text[:-1], text[1:]))
        return -terms.sum() / (bits * (characters - 1))

    return jax.value_and_grad(loss, (0, 1)), (main, extra)


def ba(path, _):
    t = Numbers(path)
    n, m, p = t.int(), t.int(), t.int()
    camera, point, weight, feature = t.array(11), t.array(3), t.array(1)[0], t.array(2)
    i = numpy.arange(p)
    cameras, points = numpy.tile(camera, (n, 1))[i % n], numpy.tile(point, (m, 1))[i % m]
    weights, features = numpy.full(p, weight), numpy.tile(feature, (p, 1))

    def error(camera, point, weight, feature):
        turn, ray = camera[:3], point - camera[3:6]
        squared = turn @ turn
        angle = np.sqrt(np.where(squared == 0, 1.0, squared))
        axis = turn / angle
        turned = (
            ray * np.cos(angle)
            + np.cross(axis, ray) * np.sin(angle)
            + axis * (axis @ ray) * (1 - np.cos(angle))
        )
        seen = np.where(squared == 0, ray + np.cross(turn, ray), turned)
        flat = seen[:2] / seen[2]
        r = flat @ flat
        bent = flat * (1 + camera[9] * r + camera[10] * r * r)
        return weight * (bent * camera[6] + camera[7:9] - feature)

    def jacobian(cameras, points, weights):
        c, x, w = jax.vmap(jax.jacrev(error, (0, 1, 2)))(cameras, points, weights, features)
        return np.concatenate([c, x, w[..., None]], -1), -2 * weights

    return jacobian, (cameras, points, weights)


def read_hand(folder):
    def lines(name):
        with open(os.path.join(folder, name)) as f:
            return [line.strip().split(":") for line in f if line.strip()]

    bones = lines("bones.txt")
    parents = [int(b[1]) for b in bones]
    frames = numpy.array([[float(x) for x in b[2:34]] for b in bones]).reshape(-1, 2, 4, 4)
    vertices, weights = [], []
    for v in lines("vertices.txt"):
        vertices.append([float(x) for x in v[:3]] + [1.0])
        row = numpy.zeros(len(bones))
        for j in range(int(v[8])):
            row[int(v[9 + 2 * j])] = float(v[10 + 2 * j])
        weights.append(row)
    triangles = numpy.array([[int(x) for x in t[:3]] for t in lines("triangles.txt")])
    return parents, frames[:, 0], frames[:, 1], numpy.array(vertices), numpy.array(weights), triangles


def hand(path, _):
    parents, relatives, inverses, vertices, weights, triangles = read_hand(
        os.path.join(os.path.dirname(path), "model")
    )
    bones = len(parents)
    t = Numbers(path)
    n, size = t.int(), t.int()
    table = t.array(n, 4)
    which, points = table[:, 0].astype(int), table[:, 1:]
    rest = list(t.rest)
    us = numpy.array([float(x) for x in rest[: len(rest) - size]]).reshape(-1, 2)
    pose = numpy.array([float(x) for x in rest[len(rest) - size :]])

    def place(pose):
        angles = np.zeros((bones, 3))
        for finger in range(5):
            first, at = 1 + 4 * finger, 6 + 4 * finger
            angles = angles.at[first + 1, 0].set(pose[at]).at[first + 1, 1].set(pose[at + 1])
            angles = angles.at[first + 2, 0].set(pose[at + 2]).at[first + 3, 0].set(pose[at + 3])
        s, c = np.sin(angles), np.cos(angles)
        (sx, sz, sy), (cx, cz, cy) = s.T, c.T
        zero, one = np.zeros(bones), np.ones(bones)

        def matrix(*rows):
            return np.stack([np.stack(r, -1) for r in rows], -2)

        z = matrix((cz, -sz, zero), (sz, cz, zero), (zero, zero, one))
        y = matrix((cy, zero, sy), (zero, one, zero), (-sy, zero, cy))
        x = matrix((one, zero, zero), (zero, cx, -sx), (zero, sx, cx))
        turn = np.zeros((bones, 4, 4)).at[:, :3, :3].set(z @ y @ x).at[:, 3, 3].set(1.0)
        turned, absolute = relatives @ turn, []
        for bone, parent in enumerate(parents):
            own = turned[bone]
            absolute.append(own if parent < 0 else absolute[parent] @ own)
        transforms = np.stack(absolute) @ inverses
        blended = np.einsum("bij,vj,vb->vi", transforms[:, :3], vertices, weights)
        angle = np.sqrt(pose[:3] @ pose[:3])
        ax, ay, az = pose[:3] / angle
        cross = np.array([[0, -az, ay], [az, 0, -ax], [-ay, ax, 0]])
        turn = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
        return blended @ turn.T + pose[3:6]

    def residuals(pose, us):
        v = place(pose)
        if len(us) == 0:
            return points - v[which]
        a, b, c = (v[triangles[which, i]] for i in range(3))
        u, w = us[:, :1], us[:, 1:]
        return points - (u * a + w * b + (1 - u - w) * c)

    def jacobian(pose, us):
        by_pose = jax.jacfwd(residuals)(pose, us)
        if len(us) == 0:
            return by_pose
        # Points do not depend on each other's coordinates, so all of them move at once.
        move = [np.zeros_like(us).at[:, i].set(1.0) for i in range(2)]
        own = [jax.jvp(lambda u: residuals(pose, u), (us,), (d,))[1] for d in move]
        return np.concatenate([np.stack(own, -1), by_pose], -1)

    return jacobian, (pose, us)


def median_ns(work):
    """The median of samples of at least 2 ms, for a second."""
    jax.block_until_ready(work())
    repeats, took = 1, 0.0
    while took < 2e-3:
        start = time.perf_counter()
        for _ in range(repeats):
            jax.block_until_ready(work())
        took = time.perf_counter() - start
        repeats = repeats if took >= 2e-3 else 2 * repeats
    samples, end = [], time.perf_counter() + 1
    while len(samples) < 5 or time.perf_counter() < end and len(samples) < 200:
        start = time.perf_counter()
        for _ in range(repeats):
            jax.block_until_ready(work())
        samples.append((time.perf_counter() - start) / repeats)
    return statistics.median(samples) * 1e9


def main():
    path = sys.argv[1]
    sizes = [int(x) for x in sys.argv[2:5]]
    parts = path.split(os.sep)
    problem = next(f for f in (gmm, lstm, ba, hand) if f.__name__ in parts)
    derivative, parameters = problem(path, sizes)
    compiled = jax.jit(derivative)
    parameters = [np.asarray(p) for p in parameters]
    print(median_ns(lambda: compiled(*parameters)))


if __name__ == "__main__":
    main()
