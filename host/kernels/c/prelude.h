/* Mathematical functions without branches. Generated: do not edit. C99; needs IEEE 754 doubles and -fno-fast-math.
 * To have loops of calls turned into vector code: gcc -O3 -march=native -fno-math-errno -fno-trapping-math. */
#ifndef COTANGENT_MATH_H
#define COTANGENT_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Whether a multiplication and addition are one instruction with one rounding. */
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__aarch64__) || defined(FP_FAST_FMA)
#define CT_FUSED 1
#else
#define CT_FUSED 0
#endif

static inline uint64_t ct_bits(double x) {
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static inline double ct_from_bits(uint64_t u) {
    double x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* Masks: truth values as wide as a number, so that a vector of them needs no conversion. */
typedef uint64_t ct_mask;
static inline ct_mask ct_lt(double a, double b) { return a < b ? ~UINT64_C(0) : UINT64_C(0); }
static inline ct_mask ct_le(double a, double b) { return a <= b ? ~UINT64_C(0) : UINT64_C(0); }
static inline ct_mask ct_eq(double a, double b) { return a == b ? ~UINT64_C(0) : UINT64_C(0); }
static inline ct_mask ct_any(uint64_t u) { return u != 0 ? ~UINT64_C(0) : UINT64_C(0); }
static inline ct_mask ct_not(ct_mask m) { return ~m; }
static inline double ct_select(ct_mask m, double a, double b) {
    return ct_from_bits((ct_bits(a) & m) | (ct_bits(b) & ~m));
}

/* ct_mul is a product that must not be contracted with the sum it goes into, whatever -ffp-contract says. */
#if CT_FUSED
static inline double ct_mul(double a, double b) { return fma(a, b, -0.0); }
static inline double ct_mul_add(double a, double b, double c) { return fma(a, b, c); }
static inline double ct_product_error(double a, double b, double p) { return fma(a, b, -p); }
static inline double ct_mul_add_exact(double a, double b, double c) { return fma(a, b, c); }
#else
static inline double ct_mul(double a, double b) { return a * b; }
static inline double ct_mul_add(double a, double b, double c) {
    const double p = a * b;
    return p + c;
}
/* The rounding error of p = a * b (T. J. Dekker, 1971). */
static inline double ct_product_error(double a, double b, double p) {
    const double at = a * 134217729.0, bt = b * 134217729.0;
    const double ah = at - (at - a), bh = bt - (bt - b);
    const double al = a - ah, bl = b - bh;
    const double hh = ah * bh, lh = al * bh, hl = ah * bl, ll = al * bl;
    return ll - (((p - hh) - lh) - hl);
}
static inline double ct_mul_add_exact(double a, double b, double c) {
    const double p = a * b;
    return (c + p) + ct_product_error(a, b, p);
}
#endif
