import { expect, type Page } from 'playwright/test';

/** The page's player plays real pictures, jumps to the middle, and plays to its end. */
export async function expectPlaysAndSeeks(page: Page, durationS: number): Promise<void> {
  const video = page.locator('video').first();
  await expect(video).toBeAttached();
  await video.evaluate(async (element: HTMLVideoElement) => {
    element.muted = true;
    await element.play();
  });
  await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime)).toBeGreaterThan(0.5);
  const duration = await video.evaluate((element: HTMLVideoElement) => element.duration);
  expect(Math.abs(duration - durationS)).toBeLessThan(0.5);

  const middle = durationS / 2;
  await video.evaluate((element: HTMLVideoElement, to) => {
    element.currentTime = to;
  }, middle);
  await expect
    .poll(() => video.evaluate((element: HTMLVideoElement) => (element.seeking ? 0 : element.currentTime)))
    .toBeGreaterThan(middle + 0.2);
  await video.evaluate((element: HTMLVideoElement, to) => {
    element.currentTime = to;
  }, durationS - 1);
  await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.ended)).toBe(true);
  const quality = await video.evaluate((element: HTMLVideoElement) => ({
    width: element.videoWidth,
    pictures: element.getVideoPlaybackQuality().totalVideoFrames,
  }));
  expect(quality.width).toBeGreaterThan(0);
  expect(quality.pictures).toBeGreaterThan(10);
}
