# Tests the release and publishes it to the buckets BUCKET_PREFIX-<Region> of the REGIONS, but not as the latest. Leaves what was
# published in dist/published, as S3 has it: that is installed after.
set -euo pipefail
version=$(node --print 'require("./package.json").version')
npm test
npm run release -- --version "$version" --bucket-prefix "$BUCKET_PREFIX" --regions "$REGIONS" --keep-latest
aws s3 cp --recursive --only-show-errors "s3://$BUCKET_PREFIX-$AWS_REGION/studio-resources/$version" dist/published
cd dist/published
sha256sum --check --quiet SHA256SUMS
