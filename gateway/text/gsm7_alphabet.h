/*
 * gsm7_alphabet: the one table of (code point, septet) pairs, from which the tables of both directions are made.
 *
 * 3GPP TS 23.038, 6.2.1 (basic) and 6.2.1.1 (extension: preceded by the escape 0x1B). 0x09 is the capital C with cedilla, as the
 * standard has it; many tables on the web show the small one.
 */
#pragma once
#include <stdint.h>

#define GSM7_ESCAPE 0x1B

#define GSM7_BASIC(PAIR)                                                                                               \
    PAIR(0x0040, 0x00)                                                                                                 \
    PAIR(0x00A3, 0x01)                                                                                                 \
    PAIR(0x0024, 0x02)                                                                                                 \
    PAIR(0x00A5, 0x03) PAIR(0x00E8, 0x04) PAIR(0x00E9, 0x05) PAIR(0x00F9, 0x06) PAIR(0x00EC, 0x07) PAIR(0x00F2, 0x08)  \
        PAIR(0x00C7, 0x09) PAIR(0x000A, 0x0A) PAIR(0x00D8, 0x0B) PAIR(0x00F8, 0x0C) PAIR(0x000D, 0x0D)                 \
            PAIR(0x00C5, 0x0E) PAIR(0x00E5, 0x0F) PAIR(0x0394, 0x10) PAIR(0x005F, 0x11) PAIR(0x03A6, 0x12)             \
                PAIR(0x0393, 0x13) PAIR(0x039B, 0x14) PAIR(0x03A9, 0x15) PAIR(0x03A0, 0x16) PAIR(0x03A8, 0x17)         \
                    PAIR(0x03A3, 0x18) PAIR(0x0398, 0x19) PAIR(0x039E, 0x1A) /* 0x1B: escape */                        \
        PAIR(0x00C6, 0x1C) PAIR(0x00E6, 0x1D) PAIR(0x00DF, 0x1E) PAIR(0x00C9, 0x1F) PAIR(0x0020, 0x20) PAIR(           \
            0x0021, 0x21) PAIR(0x0022, 0x22) PAIR(0x0023, 0x23) PAIR(0x00A4, 0x24) PAIR(0x0025, 0x25)                  \
            PAIR(0x0026, 0x26) PAIR(0x0027, 0x27) PAIR(0x0028, 0x28) PAIR(0x0029, 0x29) PAIR(0x002A, 0x2A) PAIR(       \
                0x002B, 0x2B) PAIR(0x002C, 0x2C) PAIR(0x002D, 0x2D) PAIR(0x002E, 0x2E) PAIR(0x002F, 0x2F)              \
                PAIR(0x0030, 0x30) PAIR(0x0031, 0x31) PAIR(0x0032, 0x32) PAIR(0x0033, 0x33) PAIR(0x0034, 0x34) PAIR(   \
                    0x0035, 0x35) PAIR(0x0036, 0x36) PAIR(0x0037, 0x37) PAIR(0x0038, 0x38) PAIR(0x0039, 0x39)          \
                    PAIR(0x003A, 0x3A) PAIR(0x003B, 0x3B) PAIR(0x003C, 0x3C) PAIR(0x003D, 0x3D) PAIR(0x003E, 0x3E)     \
                        PAIR(0x003F, 0x3F) PAIR(0x00A1, 0x40) PAIR(0x0041, 0x41) PAIR(0x0042, 0x42) PAIR(0x0043, 0x43) \
                            PAIR(0x0044, 0x44) PAIR(0x0045, 0x45) PAIR(0x0046, 0x46) PAIR(0x0047, 0x47)                \
                                PAIR(0x0048, 0x48) PAIR(0x0049, 0x49) PAIR(0x004A, 0x4A) PAIR(0x004B, 0x4B) PAIR(      \
                                    0x004C, 0x4C) PAIR(0x004D, 0x4D) PAIR(0x004E, 0x4E) PAIR(0x004F, 0x4F)             \
                                    PAIR(0x0050, 0x50) PAIR(0x0051, 0x51) PAIR(0x0052, 0x52) PAIR(0x0053, 0x53) PAIR(  \
                                        0x0054, 0x54) PAIR(0x0055, 0x55) PAIR(0x0056, 0x56) PAIR(0x0057, 0x57)         \
                                        PAIR(0x0058, 0x58) PAIR(0x0059, 0x59) PAIR(0x005A, 0x5A) PAIR(0x00C4, 0x5B)    \
                                            PAIR(0x00D6, 0x5C) PAIR(0x00D1, 0x5D) PAIR(0x00DC, 0x5E) PAIR(             \
                                                0x00A7, 0x5F) PAIR(0x00BF, 0x60) PAIR(0x0061, 0x61) PAIR(0x0062, 0x62) \
                                                PAIR(0x0063, 0x63) PAIR(0x0064, 0x64) PAIR(0x0065, 0x65)               \
                                                    PAIR(0x0066, 0x66) PAIR(0x0067, 0x67) PAIR(0x0068, 0x68)           \
                                                        PAIR(0x0069, 0x69) PAIR(0x006A, 0x6A) PAIR(0x006B, 0x6B) PAIR( \
                                                            0x006C, 0x6C) PAIR(0x006D, 0x6D) PAIR(0x006E, 0x6E)        \
                                                            PAIR(0x006F, 0x6F) PAIR(0x0070, 0x70) PAIR(0x0071, 0x71)   \
                                                                PAIR(0x0072, 0x72) PAIR(0x0073, 0x73)                  \
                                                                    PAIR(0x0074, 0x74) PAIR(0x0075, 0x75)              \
                                                                        PAIR(0x0076, 0x76) PAIR(0x0077, 0x77)          \
                                                                            PAIR(0x0078, 0x78) PAIR(0x0079, 0x79)      \
                                                                                PAIR(0x007A, 0x7A) PAIR(0x00E4, 0x7B)  \
                                                                                    PAIR(0x00F6, 0x7C)                 \
                                                                                        PAIR(0x00F1, 0x7D)             \
                                                                                            PAIR(0x00FC, 0x7E)         \
                                                                                                PAIR(0x00E0, 0x7F)

#define GSM7_EXTENSION(PAIR)                                                                                           \
    PAIR(0x000C, 0x0A)                                                                                                 \
    PAIR(0x005E, 0x14)                                                                                                 \
    PAIR(0x007B, 0x28)                                                                                                 \
    PAIR(0x007D, 0x29) PAIR(0x005C, 0x2F) PAIR(0x005B, 0x3C) PAIR(0x007E, 0x3D) PAIR(0x005D, 0x3E) PAIR(0x007C, 0x40)  \
        PAIR(0x20AC, 0x65)

/* By code point, up to the euro sign: 0 when the alphabet lacks it, else GSM7_PRESENT | septet, | GSM7_EXTENDED behind an escape. */
#define GSM7_PRESENT 0x80
#define GSM7_EXTENDED 0x100
#define GSM7_CHARACTERS 0x20AD
extern const uint16_t gsm7_code[GSM7_CHARACTERS];

static inline unsigned gsm7_code_of(uint32_t character)
{
    return character < GSM7_CHARACTERS ? gsm7_code[character] : 0;
}
