// The codec options `mask` itself uses for a 1080p file, so that the plain ffmpeg it is measured against does the same work.

export async function encoderOptions(): Promise<readonly string[]> {
  return ['-c:v', 'libx264', '-preset', 'superfast', '-crf', '20'];
}
