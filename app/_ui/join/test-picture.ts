const width = 1280;
const height = 720;
const framesPerSecond = 30;

/** A moving picture drawn on a canvas: a clock to the hundredth and a ball on its way, so that stutter shows. */
export function startTestPicture(): { track: MediaStreamTrack; stop(): void } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('The browser has no 2D canvas');
  const startedAt = performance.now();
  const draw = () => drawFrame(context, performance.now() - startedAt);
  draw();
  // Not by animation frames: those stop in a tab that is not looked at.
  const timer = setInterval(draw, 1000 / framesPerSecond);
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks();
  if (track === undefined) throw new Error('The browser made no video track');
  return { track, stop: () => clearInterval(timer) };
}

function drawFrame(context: CanvasRenderingContext2D, atMs: number): void {
  const hue = (atMs / 100) % 360;
  context.fillStyle = `hsl(${hue} 45% 16%)`;
  context.fillRect(0, 0, width, height);

  const angle = (atMs / 2000) * 2 * Math.PI;
  context.fillStyle = '#ff5a4f';
  context.beginPath();
  context.arc(width / 2 + Math.cos(angle) * 420, height / 2 + Math.sin(angle) * 220, 44, 0, 2 * Math.PI);
  context.fill();

  context.fillStyle = '#fff';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = '600 128px ui-monospace, monospace';
  context.fillText((atMs / 1000).toFixed(2), width / 2, height / 2);
}
