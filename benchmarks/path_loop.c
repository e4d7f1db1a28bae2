/* The path chain as a plain compiled loop, for benchmarks/gradients.py: RY, RZ and CX, 64 paths a word, gate by gate
   backwards. Planes: row q the X bits of qubit q, row n + q its Z bits. Returns the hits; met_hits[k] of them met rotation k. */
#include <stdint.h>

static uint64_t state;

static uint64_t draw(void) { /* splitmix64 */
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

enum { CX, RY, RZ };

int64_t paths(int n, int gates, const int32_t *kind, const int32_t *first, const int32_t *second, int words, uint64_t seed,
              uint64_t *planes, uint64_t *met, int64_t *met_hits) {
    state = seed;
    int rotations = 0;
    for (int g = gates - 1; g >= 0; g--) {
        uint64_t *x = planes + (int64_t)first[g] * words, *z = x + (int64_t)n * words;
        if (kind[g] == CX) {
            uint64_t *xt = planes + (int64_t)second[g] * words, *zt = xt + (int64_t)n * words;
            for (int w = 0; w < words; w++) {
                xt[w] ^= x[w];
                z[w] ^= zt[w];
            }
            continue;
        }
        uint64_t *record = met + (int64_t)rotations++ * words;
        for (int w = 0; w < words; w++) {
            uint64_t anticommute = kind[g] == RY ? x[w] ^ z[w] : x[w];
            uint64_t flip = anticommute & draw();
            if (kind[g] == RY) x[w] ^= flip;
            z[w] ^= flip;
            record[w] = anticommute;
        }
    }
    int64_t hits = 0;
    for (int w = 0; w < words; w++) {
        uint64_t moved = 0;
        for (int q = 0; q < n; q++) moved |= planes[(int64_t)q * words + w];
        planes[w] = ~moved;
        hits += __builtin_popcountll(~moved);
    }
    for (int k = 0; k < rotations; k++) {
        int64_t count = 0;
        for (int w = 0; w < words; w++) count += __builtin_popcountll(met[(int64_t)k * words + w] & planes[w]);
        met_hits[k] = count;
    }
    return hits;
}
