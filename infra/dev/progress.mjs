/**
 * What `npm start` and its relatives say: one line per step, rewritten in place on a terminal, and in a log only said
 * when a step takes long enough to wonder about, and when it is done. Plain Node: used before anything is installed.
 */

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Steps that are done sooner are only reported as done. */
const quietMs = 1500;

/** @typedef {ReturnType<typeof createProgress>} Progress */

/**
 * @param {NodeJS.WriteStream} stream
 * @param {{ quiet?: boolean }} [options] quiet: say nothing of steps that were quick and well
 */
export function createProgress(stream, options = {}) {
  const live = Boolean(stream.isTTY) && process.env.CI === undefined;
  const colours = live && process.env.NO_COLOR === undefined;
  const paint = (/** @type {number} */ code, /** @type {string} */ text) =>
    colours ? `\u001b[${code}m${text}\u001b[0m` : text;
  /** @type {Set<{ name: string, detail: string, from: number, said: boolean }>} */
  const running = new Set();
  let drawn = 0;
  let frame = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  function erase() {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  }

  function draw() {
    const now = performance.now();
    if (live) {
      erase();
      const width = stream.columns ?? 80;
      for (const step of running) {
        const seconds = Math.floor((now - step.from) / 1000);
        const text = `${frames[frame % frames.length]} ${step.name.padEnd(nameWidth)} ${step.detail}`;
        stream.write(`${clip(seconds > 1 ? `${text} (${seconds} s)` : text, width - 1)}\n`);
        drawn++;
      }
      frame++;
      return;
    }
    for (const step of running) {
      if (step.said || now - step.from < quietMs) continue;
      step.said = true;
      stream.write(`… ${step.name.padEnd(nameWidth)} ${step.detail}\n`);
    }
  }

  function line(/** @type {string} */ text) {
    erase();
    stream.write(`${text}\n`);
    if (live && running.size > 0) draw();
  }

  function tick() {
    if (running.size > 0) timer ??= setInterval(draw, live ? 100 : 250);
    else {
      clearInterval(timer);
      timer = undefined;
    }
    timer?.unref();
  }

  return {
    line,
    /** Forgets the steps that run: nothing more is said of them. */
    abandon() {
      running.clear();
      erase();
      tick();
    },
    /**
     * @param {string} name
     * @param {string} [detail]
     */
    step(name, detail = '') {
      const step = { name, detail, from: performance.now(), said: false };
      running.add(step);
      tick();
      const end = (/** @type {string} */ mark, /** @type {string} */ text) => {
        if (!running.delete(step)) return;
        tick();
        line(`${mark} ${name.padEnd(nameWidth)} ${text}`);
      };
      return {
        /** @param {string} text */
        update(text) {
          step.detail = text;
        },
        /** @param {string} text */
        done(text) {
          const took = performance.now() - step.from;
          if (options.quiet && took < quietMs) {
            if (running.delete(step)) erase();
            return tick();
          }
          end(paint(32, '✓'), took < quietMs ? text : `${text} ${paint(2, `(${(took / 1000).toFixed(1)} s)`)}`);
        },
        /** @param {string} text */
        fail(text) {
          end(paint(31, '✗'), text);
        },
      };
    },
    /** @param {string} text */
    bold: (text) => paint(1, text),
    /** @param {string} text */
    dim: (text) => paint(2, text),
  };
}

const nameWidth = 12;

/**
 * @param {string} text
 * @param {number} width
 */
function clip(text, width) {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}
