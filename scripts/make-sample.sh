#!/bin/sh
# Makes the sample clip, test/fixtures/pedestrians.mp4, from the vtest.avi of Debian's package opencv-doc: its last 395
# frames (of 795), where people come close to the camera, as H.264. Wants ffmpeg with libx264 and, on a Debian system,
# `apt-get install opencv-doc`; or give the path of a vtest.avi. Single-threaded and without the encoder's signature in
# the container, so that the same ffmpeg makes the same bytes.
set -eu
cd "$(dirname "$0")/.."
source=${1:-/usr/share/doc/opencv-doc/examples/data/vtest.avi}
[ -f "$source" ] || { echo "$source is missing: apt-get install opencv-doc, or give the path of vtest.avi" >&2; exit 2; }
ffmpeg -v error -y -i "$source" -an -map_metadata -1 -fflags +bitexact -flags:v +bitexact \
  -vf 'trim=start_frame=400,setpts=PTS-STARTPTS' \
  -c:v libx264 -preset veryslow -crf 24 -pix_fmt yuv420p -g 100 -threads 1 -movflags +faststart \
  test/fixtures/pedestrians.mp4
