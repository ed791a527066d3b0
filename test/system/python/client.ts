import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * AWS's runtime client where it is not installed, with what functions see of it: it imports the handler, asks the Runtime API for
 * events, and posts results and errors.
 */
const standIn = `
import http.client, importlib, json, os, sys, time, traceback

class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return self.deadline - int(time.time() * 1000)

def call(method, path, value=None):
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    api.request(method, "/2018-06-01/runtime/" + path, None if value is None else json.dumps(value))
    response = api.getresponse()
    return json.loads(response.read()), response.headers

module, _, name = sys.argv[1].rpartition(".")
try:
    handler = getattr(importlib.import_module(module.replace("/", ".")), name)
except ImportError as error:
    message = "Unable to import module '{}': {}".format(module, error)
    call("POST", "init/error", {"errorType": "Runtime.ImportModuleError", "errorMessage": message})
while True:
    event, headers = call("GET", "invocation/next")
    path = "invocation/" + headers["Lambda-Runtime-Aws-Request-Id"]
    try:
        result = handler(event, Context(headers))
    except Exception as error:
        traceback.print_exc()
        call("POST", path + "/error", {"errorType": type(error).__name__, "errorMessage": str(error)})
    else:
        sys.stdout.flush()
        call("POST", path + "/response", json.loads(json.dumps(result)))
`;

/** Puts the stand-in into the directory if `python3` has no client; gives what PYTHONPATH has to be. */
export async function provideClient(directory: string): Promise<string | undefined> {
  try {
    execFileSync('python3', ['-c', 'import awslambdaric'], { stdio: 'ignore' });
    return process.env.PYTHONPATH;
  } catch {
    await mkdir(join(directory, 'awslambdaric'));
    await writeFile(join(directory, 'awslambdaric', '__init__.py'), '');
    await writeFile(join(directory, 'awslambdaric', '__main__.py'), standIn);
    return directory;
  }
}
