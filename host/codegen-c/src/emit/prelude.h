#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__) || defined(__clang__)
#define CT_UNLIKELY(x) __builtin_expect((x) != 0, 0)
#define CT_COLD __attribute__((cold, noinline, unused))
#define CT_UNUSED __attribute__((unused))
#define CT_STACK ((uint64_t)(uintptr_t)__builtin_frame_address(0))
#else
#define CT_UNLIKELY(x) (x)
#define CT_COLD
#define CT_UNUSED
#define CT_STACK UINT64_MAX
#endif
#if defined(__GNUC__) && !defined(__clang__)
#define CT_PARALLEL _Pragma("GCC ivdep")
#elif defined(__clang__)
#define CT_PARALLEL _Pragma("clang loop vectorize(assume_safety)")
#else
#define CT_PARALLEL
#endif
/* A product and a sum, rounded once where that is one instruction; constants are of the right type already. */
#ifdef FP_FAST_FMA
#define CT_MUL_ADD(x, y, sum) _Generic((sum), float: fmaf, double: fma)(x, y, sum)
#else
#define CT_MUL_ADD(x, y, sum) ((x) * (y) + (sum))
#endif
#define CT_TEXT(x) #x
#define CT_PRAGMA(x) _Pragma(CT_TEXT(x))
/* In a loop that is too short for several iterations at once. */
#ifdef __GNUC__
#define CT_ONE_BY_ONE __asm__ volatile("");
#else
#define CT_ONE_BY_ONE
#endif
/* Before a loop whose iterations are independent but for sums, in any order. */
#define CT_SUMS(...) CT_PRAGMA(omp simd reduction(+ : __VA_ARGS__))
#if defined(__GNUC__) && defined(__SIZEOF_INT128__)
#define CT_WIDE 1
#endif

/* What a run carries along; the runtime owns the rest of it. */
typedef struct {
  uint64_t fuel, depth, stack;
  char **consts;
  void *const *callbacks;
  uint64_t site, numbers[16];
} ct_context;

static CT_COLD uint64_t ct_trap(ct_context *ctx, uint64_t site, const uint64_t *numbers, int n) {
  ctx->site = site;
  for (int i = 0; i < n; i++) ctx->numbers[i] = numbers[i];
  return 1;
}

/* A block's head. */
#define CT_COUNT(block) (*(uint64_t *)(block))
#define CT_ROOM(block) (*(uint64_t *)((block) + 8))
#define CT_DATA(block) (*(char **)((block) + 40))
/* Whether a block is shared, or has no room for so many bytes from its elements on. */
#define CT_FULL(block, data, bytes) \
  (CT_COUNT(block) != 1 || (uint64_t)((data) - CT_DATA(block)) + (bytes) > CT_ROOM(block))

/* Slots of 8 bytes, at the border. */
#define CT_SLOT(name, type)                                                                                            \
  static inline CT_UNUSED type ct_get_##name(const uint64_t *slot) {                                                   \
    type x;                                                                                                            \
    memcpy(&x, slot, sizeof x);                                                                                        \
    return x;                                                                                                          \
  }                                                                                                                    \
  static inline CT_UNUSED void ct_put_##name(uint64_t *slot, type x) {                                                 \
    *slot = 0;                                                                                                         \
    memcpy(slot, &x, sizeof x);                                                                                        \
  }
CT_SLOT(u8, uint8_t)
CT_SLOT(u16, uint16_t)
CT_SLOT(u32, uint32_t)
CT_SLOT(u64, uint64_t)
CT_SLOT(f32, float)
CT_SLOT(f64, double)
CT_SLOT(ptr, char *)

/* Bits of one type as another of its size. */
#define CT_BITS(name, from, to)                                                                                        \
  static inline CT_UNUSED to ct_bits_##name(from a) {                                                                  \
    to b;                                                                                                              \
    memcpy(&b, &a, sizeof b);                                                                                          \
    return b;                                                                                                          \
  }
CT_BITS(u32_f32, uint32_t, float)
CT_BITS(f32_u32, float, uint32_t)
CT_BITS(u64_f64, uint64_t, double)
CT_BITS(f64_u64, double, uint64_t)
CT_BITS(u64_ptr, uint64_t, char *)
CT_BITS(ptr_u64, char *, uint64_t)

/* Whether sums, differences and products fit. Narrow ones are exact in 64 bits. */
#define CT_NARROW(bits, stype, utype)                                                                                  \
  static inline CT_UNUSED uint8_t ct_saddov_##bits(utype a, utype b) {                                                 \
    int64_t s = (int64_t)(stype)a + (stype)b;                                                                          \
    return s != (stype)s;                                                                                              \
  }                                                                                                                    \
  static inline CT_UNUSED uint8_t ct_ssubov_##bits(utype a, utype b) {                                                 \
    int64_t s = (int64_t)(stype)a - (stype)b;                                                                          \
    return s != (stype)s;                                                                                              \
  }                                                                                                                    \
  static inline CT_UNUSED uint8_t ct_smulov_##bits(utype a, utype b) {                                                 \
    int64_t s = (int64_t)(stype)a * (stype)b;                                                                          \
    return s != (stype)s;                                                                                              \
  }                                                                                                                    \
  static inline CT_UNUSED uint8_t ct_uaddov_##bits(utype a, utype b) { return (utype)(a + b) < a; }                    \
  static inline CT_UNUSED uint8_t ct_usubov_##bits(utype a, utype b) { return a < b; }                                 \
  static inline CT_UNUSED uint8_t ct_umulov_##bits(utype a, utype b) {                                                 \
    uint64_t p = (uint64_t)a * b;                                                                                      \
    return p != (utype)p;                                                                                              \
  }
CT_NARROW(8, int8_t, uint8_t)
CT_NARROW(16, int16_t, uint16_t)
CT_NARROW(32, int32_t, uint32_t)
static inline CT_UNUSED uint8_t ct_uaddov_64(uint64_t a, uint64_t b) { return a + b < a; }
static inline CT_UNUSED uint8_t ct_usubov_64(uint64_t a, uint64_t b) { return a < b; }
static inline CT_UNUSED uint8_t ct_saddov_64(uint64_t a, uint64_t b) { return (~(a ^ b) & (a ^ (a + b))) >> 63; }
static inline CT_UNUSED uint8_t ct_ssubov_64(uint64_t a, uint64_t b) { return ((a ^ b) & (a ^ (a - b))) >> 63; }
#ifdef CT_WIDE
static inline CT_UNUSED uint8_t ct_umulov_64(uint64_t a, uint64_t b) {
  return (uint64_t)((unsigned __int128)a * b >> 64) != 0;
}
static inline CT_UNUSED uint8_t ct_smulov_64(uint64_t a, uint64_t b) {
  __int128 p = (__int128)(int64_t)a * (int64_t)b;
  return p != (int64_t)p;
}
#else
static inline CT_UNUSED uint8_t ct_umulov_64(uint64_t a, uint64_t b) { return b != 0 && a > UINT64_MAX / b; }
static inline CT_UNUSED uint8_t ct_smulov_64(uint64_t a, uint64_t b) {
  int neg = (int64_t)(a ^ b) < 0;
  uint64_t x = (int64_t)a < 0 ? 0 - a : a, y = (int64_t)b < 0 ? 0 - b : b;
  return y != 0 && x > ((uint64_t)INT64_MAX + neg) / y;
}
#endif

/* Floats to integers: towards zero, saturating, NaN to 0. */
#define CT_TO_INT(name, from, type, utype, lo, hi, max, min)                                                           \
  static inline CT_UNUSED utype ct_##name(from x) {                                                                    \
    return x != x ? 0 : x >= hi ? (utype)(max) : x < lo ? (utype)(min) : (utype)(type)x;                               \
  }
#define CT_TO_INTS(f, from)                                                                                            \
  CT_TO_INT(f##_to_s8, from, int8_t, uint8_t, -128.0f, 128.0f, INT8_MAX, INT8_MIN)                                     \
  CT_TO_INT(f##_to_s16, from, int16_t, uint16_t, -32768.0f, 32768.0f, INT16_MAX, INT16_MIN)                            \
  CT_TO_INT(f##_to_s32, from, int32_t, uint32_t, -2147483648.0f, 2147483648.0f, INT32_MAX, INT32_MIN)                  \
  CT_TO_INT(f##_to_s64, from, int64_t, uint64_t, -9223372036854775808.0f, 9223372036854775808.0f, INT64_MAX, INT64_MIN) \
  CT_TO_INT(f##_to_u8, from, uint8_t, uint8_t, 0.0f, 256.0f, UINT8_MAX, 0)                                             \
  CT_TO_INT(f##_to_u16, from, uint16_t, uint16_t, 0.0f, 65536.0f, UINT16_MAX, 0)                                       \
  CT_TO_INT(f##_to_u32, from, uint32_t, uint32_t, 0.0f, 4294967296.0f, UINT32_MAX, 0)                                  \
  CT_TO_INT(f##_to_u64, from, uint64_t, uint64_t, 0.0f, 18446744073709551616.0f, UINT64_MAX, 0)
CT_TO_INTS(f32, float)
CT_TO_INTS(f64, double)

/* The smaller and the larger; NaN if either is; -0 below 0. */
#define CT_EXTREME(f, type)                                                                                            \
  static inline CT_UNUSED type ct_min_##f(type a, type b) {                                                            \
    return a != a ? a : b != b ? b : a < b || (a == b && signbit(a)) ? a : b;                                          \
  }                                                                                                                    \
  static inline CT_UNUSED type ct_max_##f(type a, type b) {                                                            \
    return a != a ? a : b != b ? b : a > b || (a == b && !signbit(a)) ? a : b;                                         \
  }                                                                                                                    \
  static inline CT_UNUSED type ct_min_number_##f(type a, type b) {                                                     \
    return a != a ? b : b != b ? a : ct_min_##f(a, b);                                                                 \
  }                                                                                                                    \
  static inline CT_UNUSED type ct_max_number_##f(type a, type b) {                                                     \
    return a != a ? b : b != b ? a : ct_max_##f(a, b);                                                                 \
  }
CT_EXTREME(f32, float)
CT_EXTREME(f64, double)

/* Bits of integers. */
#define CT_COUNTS(bits, type)                                                                                          \
  static inline CT_UNUSED type ct_popcount_##bits(type x) {                                                            \
    type n = 0;                                                                                                        \
    for (; x != 0; x &= (type)(x - 1)) n++;                                                                            \
    return n;                                                                                                          \
  }                                                                                                                    \
  static inline CT_UNUSED type ct_clz_##bits(type x) {                                                                 \
    type n = 0;                                                                                                        \
    for (type top = (type)((type)1 << (bits - 1)); n < bits && !(x & top); x = (type)(x << 1)) n++;                    \
    return n;                                                                                                          \
  }                                                                                                                    \
  static inline CT_UNUSED type ct_ctz_##bits(type x) {                                                                 \
    type n = 0;                                                                                                        \
    for (; n < bits && !(x & 1); x = (type)(x >> 1)) n++;                                                              \
    return n;                                                                                                          \
  }
CT_COUNTS(8, uint8_t)
CT_COUNTS(16, uint16_t)
CT_COUNTS(32, uint32_t)
CT_COUNTS(64, uint64_t)
