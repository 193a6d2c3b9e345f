/* One week of movement and detection, as fast as plain C can do it: the opponent of
   simulation.kernels.move. One gather of a packed entry for each stop, thresholds as uint32,
   shipments with the same next stop and week of launch worked on in blocks, the same Philox.

   A stop is a checkpoint or, after the last one, the end of a lane. Its entry holds the weeks
   since launch at which it is reached (16 bits), its rank on the lane (16 bits; END at the end of
   the lane) and the threshold (32 bits). Built by benchmarks/movement.py with
   gcc -O3 -march=native; the loop that draws must be vectorised. */

#include <stdint.h>
#include <string.h>

#define BLOCK 512
#define WIDE 16
#define END 0xffff

typedef struct { int64_t number, amount; } met_t;

static inline uint32_t philox(uint64_t c0, uint64_t c1, uint64_t c2, uint64_t k0, uint64_t k1) {
    uint64_t c3 = 0;
    for (int round = 0; round < 10; round++) { /* 32-bit numbers in 64-bit lanes */
        uint64_t p0 = 0xD2511F53ull * (c0 & 0xffffffffu);
        uint64_t p1 = 0xCD9E8D57ull * (c2 & 0xffffffffu);
        c0 = (p1 >> 32) ^ c1 ^ k0;
        c1 = p1;
        c2 = (p0 >> 32) ^ c3 ^ k1;
        c3 = p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (uint32_t)c0;
}

/* Apart, and for whole vectors: inlined, gcc makes it half as fast. */
__attribute__((noinline)) static void draw(const uint64_t *restrict keys, int n, uint64_t rank,
                                           uint64_t k0, uint64_t k1, uint32_t *restrict words) {
    for (int s = 0; s < n; s++)
        words[s] = philox(keys[s] & 0xffffffffu, keys[s] >> 32, rank, k0, k1);
}

/* Moves `count` shipments; returns how many are left, in front and in order. `met` counts what
   met each stop, `seized_*` are written from the front, `seized` is their number. */
int64_t move(uint64_t stream, int32_t week, int64_t count,
             uint64_t *restrict key, uint32_t *restrict stop, int32_t *restrict launched,
             int64_t *restrict amount, const uint64_t *restrict entry, met_t *restrict met,
             uint64_t *restrict seized_key, uint32_t *restrict seized_stop,
             int32_t *restrict seized_launched, int64_t *restrict seized_amount,
             int64_t *restrict seized) {
    uint64_t k0 = stream & 0xffffffffu, k1 = stream >> 32;
    uint64_t keys[BLOCK + WIDE];
    int64_t size[BLOCK];
    uint32_t words[BLOCK + WIDE];
    int32_t at[BLOCK];
    int64_t kept = 0, caught = 0;
    for (int64_t i = 0; i < count;) {
        uint32_t next = stop[i];
        int32_t born = launched[i];
        int most = count - i < BLOCK ? (int)(count - i) : BLOCK, n = 1;
        while (n < most && stop[i + n] == next && launched[i + n] == born) n++;
        int left = n, arrived = 0;
        int64_t total = 0;
        memcpy(keys, key + i, n * sizeof *keys);
        memcpy(size, amount + i, n * sizeof *size);
        for (int s = 0; s < n; s++) at[s] = -1;
        for (int s = 0; s < n; s++) total += size[s];
        for (;; next++) {
            uint64_t here = entry[next];
            uint32_t rank = (here >> 16) & 0xffff, threshold = here >> 32;
            if ((int32_t)(here & 0xffff) > week - born) break;
            met[next].number += left;
            met[next].amount += total;
            if (rank == END) {
                arrived = 1;
                break;
            }
            draw(keys, (n + WIDE - 1) / WIDE * WIDE, rank, k0, k1, words);
            for (int s = 0; s < n; s++)
                if (words[s] < threshold && at[s] < 0) {
                    at[s] = (int32_t)next;
                    left--;
                    total -= size[s];
                }
        }
        for (int s = 0; s < n; s++) {
            if (at[s] >= 0) {
                seized_key[caught] = keys[s];
                seized_stop[caught] = (uint32_t)at[s];
                seized_launched[caught] = born;
                seized_amount[caught++] = size[s];
            } else if (!arrived) {
                key[kept] = keys[s];
                stop[kept] = next;
                launched[kept] = born;
                amount[kept++] = size[s];
            }
        }
        i += n;
    }
    *seized = caught;
    return kept;
}
