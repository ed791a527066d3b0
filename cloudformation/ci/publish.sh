# Brings the built zips of the release under test to a Region's bucket: BUCKET.
set -euo pipefail
aws s3 cp dist "s3://$BUCKET/ci" --recursive
