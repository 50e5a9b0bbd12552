/**
 * Opus plays what it is given later by what its encoder looks ahead: 312 samples of 48 kHz in libopus, which every
 * publisher uses (RFC 7845 section 4.2 calls it pre-skip). RTP times are those of the samples that went in. Told of the
 * delay, players take it off again; otherwise all sound would be 6.5 ms behind the picture.
 */
export const OPUS_DELAY_SAMPLES = 312;
export const OPUS_DELAY_MICROS = 6500;
