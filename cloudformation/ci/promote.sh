# Makes the release the latest in the REGIONS, where it is in the buckets BUCKET_PREFIX-<Region>. What a new build gives has to be
# what was published.
set -euo pipefail
version=$(node --print 'require("./package.json").version')
npm run release -- --version "$version" --bucket-prefix "$BUCKET_PREFIX" --regions "$REGIONS"
