import type { PlayerCommand } from './player-keys.ts';

/** What a key does to what plays; `help` is for the page. */
export function obeyCommand(element: HTMLMediaElement, command: PlayerCommand, framesPerSecond: number): void {
  const go = (seconds: number) => {
    element.currentTime = Math.min(Math.max(0, seconds), lengthOf(element));
  };
  switch (command.do) {
    case 'toggle':
      if (element.paused) void element.play().catch(() => {});
      else element.pause();
      break;
    case 'skip':
      go(element.currentTime + command.seconds);
      break;
    case 'step':
      element.pause();
      // A little more than a frame: where one begins is rounded otherwise by every browser.
      go(element.currentTime + (command.frames * 1.02) / framesPerSecond);
      break;
    case 'jump':
      go(lengthOf(element) * command.share);
      break;
    case 'mute':
      element.muted = !element.muted;
      break;
    case 'full-screen':
      if (document.fullscreenElement) void document.exitFullscreen();
      else
        void element
          .closest('media-controller')
          ?.requestFullscreen()
          .catch(() => {});
      break;
    case 'help':
      break;
  }
}

function lengthOf(element: HTMLMediaElement): number {
  const { seekable } = element;
  return seekable.length > 0 ? seekable.end(seekable.length - 1) : 0;
}
