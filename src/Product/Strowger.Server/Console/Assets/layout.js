// Where the parts of the drawing are, in pixels of its own width.

const THICKEST = [96, 96, 76, 52, 40];

export function layout(width, channels) {
  const isNarrow = width < 720;
  const highest = Math.max(1, ...channels.map((c) => c.rate ?? c.used ?? 1));
  const thickest = isNarrow ? Math.min(72, THICKEST[channels.length] ?? 32) : THICKEST[channels.length] ?? 32;
  const head = isNarrow ? 40 : 8;
  const pitch = isNarrow ? 78 : 82;
  const heights = channels.map((c) => pipeHeight(c, highest, thickest));
  const pipes = heights.reduce((sum, h) => sum + h + 78, 0);
  const height = Math.max(3 * pitch + head - 6, pipes + head);
  const laneTop = head + (height - head - 3 * pitch) / 2;
  const at = isNarrow
    ? { doorX: 6, laneX: 26, laneEnd: width * 0.42, pipeX: width * 0.54, pipeEnd: width - 22, bindX: width - 9, tank: 18 }
    : { doorX: 136, laneX: 196, laneEnd: width * 0.53, pipeX: width * 0.62, pipeEnd: width * 0.845, bindX: width * 0.885, tank: 22 };
  return {
    ...at,
    width,
    height,
    isNarrow,
    heights,
    highest,
    perRate: thickest / highest,
    lanes: [0, 1, 2].map((i) => ({ y: laneTop + pitch * i + 42 })),
    pipesTop: head + (height - head - pipes) / 2,
  };
}

function pipeHeight(channel, highest, thickest) {
  return Math.max(14, (thickest * (channel.rate ?? highest)) / highest);
}

export function channelLayout(at, channel, index, values) {
  const before = at.heights.slice(0, index).reduce((sum, h) => sum + h + 78, 0);
  const height = at.heights[index];
  const used = values[`used ${channel.name}`] ?? 0;
  const perRate = height / (channel.rate ?? Math.max(at.highest, used));
  const fill = Math.min(height, used * perRate);
  return { channel, index, y: at.pipesTop + before + 30, height, used, perRate, fill: used > 0 ? Math.max(2, fill) : 0 };
}
