// The dictionary of the house: everything a user may choose for one camera, said once. Each field carries its default,
// limits, unit, title and help text, and from here come the types, the checks, the flags of the command line, the forms
// of the hosts and the tables in the docs. What of it is built so far stands in availability.ts.

import { z } from 'zod';
import { type DurationUnit, parseDuration } from './duration.js';

export const VERSION = 1;

/** More would be a mistake in the file, not a wish: 2000 corners take half a second at every change of settings. */
const MOST_AREAS = 64;
const MOST_POINTS = 256;
const MOST_POINTS_IN_ALL = 2000;

/** As ffmpeg calls them, without its "h264_". */
const ENCODERS = ['auto', 'libx264', 'vaapi', 'qsv', 'nvenc', 'v4l2m2m', 'videotoolbox', 'rkmpp'] as const;

/** One line: names stand in logs, so control characters are not taken. */
const line = z.string().regex(/^\P{Cc}*$/u);

const percent = z.int().min(0).max(100);

const port = z.int().min(1).max(65535);

/** Accepts "15 min" and numbers; gives a number of `unit`s between `least` and `most`. */
function duration(unit: DurationUnit, least: number, most: number) {
  const read = (value: unknown) => (typeof value === 'string' ? (parseDuration(value, unit) ?? value) : value);
  return z.preprocess(read, z.number().min(least).max(most)).meta({ kind: 'duration', unit });
}

type Points = readonly (readonly [number, number])[];

/** Whether all points lie on one line: such an include area would leave nothing to be masked, and say nothing. */
function isFlat([first, ...rest]: Points): boolean {
  const sides = rest.map(([x, y]) => [x - first[0], y - first[1]] as const);
  const [dx, dy] = sides.find(([x, y]) => x !== 0 || y !== 0) ?? [0, 0];
  return sides.every(([x, y]) => Math.abs(dx * y - dy * x) < 1e-9);
}

const points = z
  .array(z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]))
  .min(3)
  .max(MOST_POINTS)
  .refine((points) => !isFlat(points), 'the points lie on one line; draw an area')
  .meta({
    title: 'Points',
    description: 'Corners as [x, y], in shares of the picture: [0, 0] is the top left corner, [1, 1] the bottom right.',
    entries: '[x, y] points',
  });

const area = z.strictObject({
  name: line.max(64).default('').meta({ title: 'Name', description: 'For you to tell the areas apart.' }),
  kind: z.enum(['include', 'exclude', 'always']).meta({
    title: 'Kind',
    description:
      'include: mask only inside such areas. exclude: never mask here (a tree in the wind). ' +
      'always: plain colour at all times (the neighbour’s window). Always wins over exclude, exclude over include.',
  }),
  points,
});

const pointsOf = (areas: readonly { readonly points: readonly unknown[] }[]) =>
  areas.reduce((sum, { points }) => sum + points.length, 0);

const areas = z
  .array(area)
  .max(MOST_AREAS)
  .refine((areas) => pointsOf(areas) <= MOST_POINTS_IN_ALL, {
    error: ({ input }) =>
      `${pointsOf(input as z.output<typeof area>[])} points in all; use ${MOST_POINTS_IN_ALL} or fewer`,
  })
  .default([])
  .meta({ kind: 'areas', entries: 'areas' });

export const policySchema = z
  .strictObject({
    method: z
      .enum(['motion', 'ai', 'both'])
      .default('motion')
      .meta({
        title: 'Method',
        description:
          'What is masked. motion: whatever differs from the learned background. ai: what the AI recognises. ' +
          'both: the union of the two.',
      }),
    targets: z
      .array(z.enum(['people', 'faces', 'vehicles', 'animals', 'plates']))
      .min(1)
      .max(5)
      .default(['people'])
      .meta({
        title: 'Targets',
        description: 'What the AI looks for. The motion method masks whatever moves.',
        entries: 'targets',
      }),
    sensitivity: percent.default(50).meta({
      title: 'Sensitivity',
      description:
        'How little it takes to be masked. Higher is more private and masks more by mistake. ' +
        'Start low, walk through the picture, and raise it until you are masked everywhere.',
    }),
    mergeTime: duration('s', 1, 7 * 86_400)
      .default(3600)
      .meta({
        title: 'Merge time',
        description:
          'How long something must stand still before the motion method takes it for background and shows it. ' +
          'About an hour suits most places.',
      }),
    style: z
      .enum(['pixelate', 'blur', 'solid', 'tint', 'background'])
      .default('pixelate')
      .meta({
        title: 'Style',
        description:
          'How the mask is drawn. pixelate: coarse mosaic. blur: strong blur. solid: plain colour. ' +
          'tint: see-through colour over a coarse mosaic. background: the learned background, so that people vanish.',
      }),
    color: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/)
      .default('#808080')
      .meta({
        kind: 'color',
        title: 'Colour',
        description: 'Colour of the styles solid and tint, and of always-areas in every style.',
        allowed: 'a colour as #rrggbb, such as "#808080"',
      }),
    tint: percent.default(0).meta({
      unit: '%',
      title: 'Tint',
      description: 'How strongly the colour tints the styles pixelate and blur. 0 leaves the mosaic its own colours.',
    }),
    size: percent.default(60).meta({
      title: 'Size',
      description:
        'How far the mask reaches beyond what was found. Rather larger than smaller: a tight mask may show a face.',
    }),
    shape: z.enum(['box', 'body']).default('box').meta({
      title: 'Shape',
      description: 'Whether the AI masks a person as a box or as the outline of the body.',
    }),
    invert: z.boolean().default(false).meta({
      title: 'Invert',
      description: 'Mask everything except the targets: the visitor stays visible, the street does not. AI only.',
    }),
    lookAhead: duration('ms', 0, 5000)
      .default(500)
      .meta({
        title: 'Look-ahead',
        description:
          'How far the shield looks into the future before a picture leaves, so that people are masked from their ' +
          'first frame. It delays the live picture by as much; at least one frame is always looked ahead.',
      }),
    areas: areas.meta({
      title: 'Areas',
      description:
        'Polygons on the picture, of any shape, with up to 2000 points in all: where to mask only, never, or always. ' +
        'A person half inside an area is judged whole; the area only clips the mask.',
    }),
  })
  .refine((policy) => !(policy.invert && policy.style === 'background'), {
    path: ['style'],
    error: '"background" cannot go with "invert": there is no background to show; use "pixelate", "blur" or "solid"',
  })
  .meta({ title: 'Masking', description: 'What is masked, and how it looks. The mask command has a flag for each.' });

const source = z
  .strictObject({
    url: line
      .min(1)
      .max(2048)
      .meta({
        secret: true,
        title: 'Address',
        description:
          'The camera’s stream, such as "rtsp://user:password@192.168.1.20/stream". ' +
          'The mask command reads its INPUT instead.',
        allowed: 'the address of a stream or the name of a file, up to 2048 characters',
      }),
    transport: z.enum(['tcp', 'udp']).default('tcp').meta({
      title: 'Transport',
      description: 'How an RTSP stream is fetched. tcp loses nothing; udp for the few cameras that know nothing else.',
    }),
    loop: z.boolean().default(false).meta({
      title: 'Loop',
      description: 'Play a file again and again, as if it were a live camera.',
    }),
    inputOptions: z.array(line.max(256)).max(32).default([]).meta({
      secret: true,
      title: 'Input options',
      description: 'Extra input options for ffmpeg, from the list of those allowed.',
      entries: 'options',
    }),
  })
  .meta({ title: 'Source', description: 'Where the clear picture comes from.' });

/** 0 stands for "as the camera sends it": forms and flags know no better way to leave a number open. */
function stream(title: string) {
  return {
    height: z
      .int()
      .min(0)
      .max(4320)
      .default(0)
      .meta({
        unit: 'px',
        title: `${title}: height`,
        description: 'Height of the masked stream; the width follows. 0 keeps the size of the source.',
      }),
    fps: z
      .number()
      .min(0)
      .max(60)
      .default(0)
      .meta({
        unit: 'fps',
        title: `${title}: frame rate`,
        description: 'Frames a second. 0 keeps the rate of the source.',
      }),
    bitrate: z
      .int()
      .min(0)
      .max(50_000)
      .default(0)
      .meta({
        unit: 'kbit/s',
        title: `${title}: bit rate`,
        description: '0 chooses a bit rate that suits the size.',
      }),
  };
}

const outputs = z
  .strictObject({
    encoder: z.enum(ENCODERS).default('auto').meta({
      title: 'Encoder',
      description: 'What compresses the masked picture; probe tries which ones work. auto is libx264 for recordings.',
    }),
    main: z.strictObject(stream('Main stream')).prefault({}).meta({ title: 'Main stream' }),
    sub: z
      .strictObject({
        enabled: z.boolean().default(false).meta({
          title: 'Sub stream',
          description: 'A second, smaller masked stream, as recorders like it for detection.',
        }),
        ...stream('Sub stream'),
      })
      .prefault({})
      .meta({ title: 'Sub stream' }),
    rtsp: z
      .strictObject({
        enabled: z.boolean().default(false).meta({ title: 'RTSP', description: 'Offer the masked stream by RTSP.' }),
        port: port.default(8554).meta({ title: 'RTSP: port', description: 'TCP port to listen on.' }),
        network: z.boolean().default(false).meta({
          title: 'RTSP: open to the network',
          description: 'Off, only this machine reaches it. On, always with user name and password.',
        }),
        username: line.max(64).default('').meta({
          title: 'RTSP: user name',
          description: 'Empty makes one.',
        }),
        password: line.max(128).default('').meta({
          secret: true,
          title: 'RTSP: password',
          description: 'Empty makes a random one.',
        }),
      })
      .prefault({})
      .meta({ title: 'RTSP' }),
    rtmp: z
      .strictObject({
        enabled: z.boolean().default(false).meta({
          title: 'RTMP and HTTP-FLV',
          description: 'Offer the masked stream by RTMP and HTTP-FLV, under random secrets.',
        }),
        port: port.default(1935).meta({ title: 'RTMP: port', description: 'TCP port of RTMP.' }),
        httpPort: port.default(8000).meta({ title: 'HTTP-FLV: port', description: 'TCP port of HTTP-FLV.' }),
      })
      .prefault({})
      .meta({ title: 'RTMP' }),
  })
  .prefault({})
  .meta({ title: 'Outputs', description: 'Where the masked picture goes.' });

const audio = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      title: 'Audio',
      description: 'Keep the sound of the source. Voices tell who is there, so it is off unless you ask for it.',
    }),
  })
  .prefault({})
  .meta({ title: 'Audio', description: 'Sound beside the masked picture.' });

const sensors = z
  .strictObject({
    motion: z.boolean().default(false).meta({ title: 'Motion sensor', description: 'Report motion to the host.' }),
    motionTrigger: z.enum(['any', 'person']).default('any').meta({
      title: 'Motion trigger',
      description: 'any: whatever moves. person: only people the AI sees.',
    }),
    motionLeast: duration('s', 0, 60).default(1).meta({
      title: 'Least motion',
      description: 'Shorter motion is not reported.',
    }),
    motionReset: duration('s', 1, 3600).default(30).meta({
      title: 'Motion reset',
      description: 'Quiet time after which the sensor falls back.',
    }),
    motionAreas: areas.meta({ title: 'Motion areas', description: 'Where motion counts; empty is everywhere.' }),
    occupancy: z.boolean().default(false).meta({
      title: 'Occupancy sensor',
      description: 'Report that a person is in the picture.',
    }),
    occupancyReset: duration('s', 1, 86_400).default(60).meta({
      title: 'Occupancy reset',
      description: 'Time without a person after which the sensor falls back.',
    }),
    doorbell: z.boolean().default(false).meta({ title: 'Doorbell', description: 'Offer the camera as a doorbell.' }),
  })
  .prefault({})
  .meta({ title: 'Sensors', description: 'What the camera reports to the host.' });

const access = z
  .strictObject({
    reveal: z
      .enum(['never', 'timed', 'untilSwitchedBack'])
      .default('never')
      .meta({
        title: 'Reveal',
        description:
          'Whether the owner may lift the mask: never, for a time, or until it is switched back. ' +
          'Always-areas stay masked, and after a restart the shield is up.',
      }),
    revealTime: duration('s', 1, 3600).default(60).meta({
      title: 'Reveal time',
      description: 'How long a timed reveal lasts.',
    }),
    resetSwitch: z.boolean().default(false).meta({
      title: 'Reset switch',
      description: 'A switch that makes the motion method learn the background anew.',
    }),
    privacySwitch: z.boolean().default(false).meta({
      title: 'Privacy switch',
      description: 'A switch that turns the camera off altogether.',
    }),
  })
  .prefault({})
  .meta({ title: 'Access', description: 'What may be switched, and whether the mask may ever be lifted.' });

export const cameraSchema = z.strictObject({
  version: z.literal(VERSION).default(VERSION).meta({
    title: 'Version',
    description: 'Version of this form of settings; older ones are understood, newer ones refused.',
  }),
  name: line.min(1).max(64).meta({
    title: 'Name',
    description: 'Name of the shielded camera, shown by hosts and in the log.',
  }),
  source,
  policy: policySchema.prefault({}),
  outputs,
  audio,
  sensors,
  access,
});

/** One camera with every field filled in. */
export type Camera = z.output<typeof cameraSchema>;
/** What is masked and how. `mergeTime` in seconds, `lookAhead` in milliseconds, percentages 0 to 100. */
export type Policy = z.output<typeof policySchema>;
/** A polygon; points as shares of the picture, x to the right and y down, 0 to 1. */
export type Area = z.output<typeof area>;
export type Method = Policy['method'];
export type Style = Policy['style'];
export type AreaKind = Area['kind'];
