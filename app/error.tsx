'use client';

import { Button } from './_ui/controls/button.tsx';
import { BarePage } from './_ui/shell/bare-page.tsx';

export default function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <BarePage title="This page could not be made">
      <p>The server ran into a problem; its log says which. Recordings that run go on by themselves.</p>
      <Button look="primary" onClick={() => retry()}>
        Try again
      </Button>
    </BarePage>
  );
}
