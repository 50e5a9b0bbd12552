import type { z } from 'zod';
import { trackSourceSchema } from '../../recorder/contract/media.ts';
import type { formatsSchema } from './api.ts';

export function listFormats(): z.output<typeof formatsSchema> {
  return {
    containers: [
      { container: 'webm', contentType: 'video/webm', videoCodecs: ['vp8'], audioCodecs: ['opus'] },
      {
        container: 'mp4',
        contentType: 'video/mp4',
        videoCodecs: ['h264'],
        audioCodecs: ['opus'],
      },
    ],
    sources: [...trackSourceSchema.options],
    presets: [],
  };
}
