using Portico.ControlPlane.Running;

namespace Portico.ControlPlane.Tests.Builds;

public sealed class FailureHintsTests
{
    [Theory]
    [InlineData("start", "It exited with code 1.", "KeyError: 'DATABASE_URL'", "DATABASE_URL")]
    [InlineData("start", "It exited with code 1.", "key not found: \"SECRET_KEY_BASE\" (KeyError)", "SECRET_KEY_BASE")]
    [InlineData("start", "It exited with code 1.", "Error: Missing required environment variable: STRIPE_KEY", "STRIPE_KEY")]
    [InlineData("build", "The command exited with status 1.", "error: API_URL must be set", "API_URL")]
    [InlineData("start", "It exited with code 1.", "DATABASE_URL environment variable is not set", "DATABASE_URL")]
    [InlineData("start", "The process ran out of memory 3 times in a row before it was ready.", "loading", "larger plan")]
    [InlineData("build", "It ran out of memory: a build may use 512 MB.", "compiling", "PORTICO_BUILD_MEMORY_MEGABYTES")]
    [InlineData("build", "It printed more than 256 MB and was ended.", "loud", "PORTICO_BUILD_OUTPUT_MEGABYTES")]
    [InlineData("start", "It exited with code 1.", "Error: Cannot find module 'express'", "module")]
    [InlineData("build", "It took longer than 120 minutes and was ended.", "", "PORTICO_BUILD_TIMEOUT_SECONDS")]
    [InlineData("pre-deploy command", "It took longer than 30 minutes and was ended.", "", "as a job")]
    [InlineData("start", "The process exited immediately (code 0).", "", "must keep running")]
    [InlineData("health check", "It did not pass. GET http://127.0.0.1:1/ answered with status 404 (tried 9 times).", "", "spelling")]
    [InlineData("health check", "It did not pass. GET http://127.0.0.1:1/ got no answer within 5 s (tried 9 times).", "", "within 5 s")]
    [InlineData("health check", "It did not pass. GET http://127.0.0.1:1/ answered with status 503 (tried 9 times).", "", "its health check fails")]
    [InlineData("health check", "No open port was detected within 15 minutes.", "ready", "0.0.0.0")]
    [InlineData("start", "It exited with code 1.", "Error: getaddrinfo ENOTFOUND redis", "no host 'redis'")]
    [InlineData("start", "It exited with code 1.", "    at getaddrinfo EAI_AGAIN db", "no host 'db'")]
    [InlineData("start", "It exited with code 1.", "psycopg2.OperationalError: could not translate host name \"postgres\" to address: Temporary failure in name resolution", "fromDatabase")]
    [InlineData("start", "It exited with code 1.", "redis.exceptions.ConnectionError: Error -2 connecting to cache:6379. Name or service not known.", "no host 'cache'")]
    [InlineData("start", "It exited with code 1.", "dial tcp: lookup db on 127.0.0.53:53: no such host", "no host 'db'")]
    [InlineData("start", "It exited with code 1.", "getaddrinfo: Name or service not known (redis://redis:6379)", "no host 'redis'")]
    [InlineData("start", "It exited with code 1.", "java.net.UnknownHostException: mysql", "no host 'mysql'")]
    [InlineData("start", "It exited with code 1.", "Error: getaddrinfo ENOTFOUND api.example.com", "'api.example.com' was not found")]
    [InlineData("start", "It exited with code 1.", "ReplyError: NOAUTH Authentication required.", "connectionString")]
    [InlineData("start", "It exited with code 1.", "WRONGPASS invalid username-password pair or user is disabled.", "connectionString")]
    [InlineData("pre-deploy command", "The command exited with status 1.", "ERROR:  extension \"vector\" is not available", "'vector' is not installed")]
    [InlineData("pre-deploy command", "The command exited with status 1.", "could not open extension control file \"/usr/share/postgresql/15/extension/postgis.control\": No such file or directory", "'postgis' is not installed")]
    [InlineData("pre-deploy command", "The command exited with status 1.", "PG::UndefinedFunction: ERROR:  function uuid_generate_v4() does not exist", "uuid-ossp")]
    [InlineData("pre-deploy command", "The command exited with status 1.", "error: type \"citext\" does not exist", "citext")]
    [InlineData("build", "It ran out of memory: Node.js reached the limit of its heap.", "npm ERR! signal SIGABRT", "max-old-space-size")]
    public void The_hint_speaks_of_the_likely_cause(string step, string message, string line, string expected) =>
        Assert.Contains(expected, FailureHints.For(step, message, [line]), StringComparison.Ordinal);

    /// <summary>The lines that Render's handbook lists as signs of the usual errors.</summary>
    [Theory]
    [InlineData("ReferenceError: DATABASE_URL is not defined", "DATABASE_URL")]
    [InlineData("TypeError: Cannot read property 'DATABASE_URL' of undefined", "DATABASE_URL")]
    [InlineData("TypeError: Cannot read properties of undefined (reading 'DATABASE_URL')", "DATABASE_URL")]
    [InlineData("KeyError: 'API_KEY'", "API_KEY")]
    [InlineData("error: Environment variable not found: DATABASE_URL.", "DATABASE_URL")]
    [InlineData("Missing required environment variable", "variable")]
    [InlineData("process.env.DATABASE_URL is undefined", "DATABASE_URL")]
    [InlineData("Error: listen EADDRINUSE: address already in use 0.0.0.0:3000", "PORT")]
    [InlineData("Address already in use (os error 48)", "PORT")]
    [InlineData("Failed to bind to 0.0.0.0:3000", "PORT")]
    [InlineData("bind: cannot assign requested address", "0.0.0.0")]
    [InlineData("Error: Cannot find module './config'", "module")]
    [InlineData("ModuleNotFoundError: No module named 'django'", "requirements.txt")]
    [InlineData("ImportError: No module named flask", "requirements.txt")]
    [InlineData("main.go:4:2: no required module provides package github.com/gin-gonic/gin", "go mod tidy")]
    [InlineData("error: could not find `tokio` in the list of imported crates", "Cargo.toml")]
    [InlineData("Error: connect ECONNREFUSED 127.0.0.1:5432", "refused")]
    [InlineData("could not connect to server: Connection refused", "refused")]
    [InlineData("dial tcp 127.0.0.1:6379: connect: connection refused", "refused")]
    [InlineData("Error: connect ETIMEDOUT 10.0.0.1:443", "in time")]
    [InlineData("Error: ESOCKETTIMEDOUT", "in time")]
    [InlineData("FATAL: password authentication failed for user \"app\"", "password")]
    [InlineData("SSL SYSCALL error: EOF detected", "encrypted")]
    [InlineData("npm ERR! missing script: build", "package.json")]
    [InlineData("sh: line 1: webpack: command not found", "not found")]
    [InlineData("FATAL ERROR: Reached heap limit Allocation failed", "memory")]
    [InlineData("FATAL ERROR: JavaScript heap out of memory", "memory")]
    [InlineData("Killed", "memory")]
    [InlineData("fork: Cannot allocate memory", "memory")]
    [InlineData("ProgrammingError: relation \"users\" already exists", "migration")]
    [InlineData("Error: EACCES: permission denied, mkdir '/data'", "disk")]
    [InlineData("Error: EPERM: operation not permitted, chown '/data'", "rights")]
    [InlineData("PermissionError: [Errno 13] Permission denied: '/data'", "mode")]
    [InlineData("npm ERR! ERESOLVE unable to resolve dependency tree", "versions")]
    [InlineData("go: errors parsing go.mod: go.mod requires go >= 1.22 (running go 1.19)", "newer Go")]
    [InlineData("OSError: [Errno 28] No space left on device", "disk is full")]
    [InlineData("Error: ENOSPC: no space left on device, write", "disk is full")]
    [InlineData("write: Disk quota exceeded", "disk is full")]
    public void The_usual_errors_have_a_hint(string line, string expected) =>
        Assert.Contains(expected, FailureHints.For("start", "The process exited with code 1.", [line]), StringComparison.Ordinal);

    [Theory]
    [InlineData("/bin/bash: line 1:  4711 Killed                  node server.js")]
    [InlineData("the worker was asked for more memory")]
    public void Memory_is_named_only_where_the_kernel_or_the_program_said_so(string line) =>
        Assert.DoesNotContain("larger plan", FailureHints.For("start", "The process was killed by signal 9 3 times in a row before it was ready.", [line]) ?? "", StringComparison.Ordinal);

    [Theory]
    [InlineData("everything is set up")]
    [InlineData("the cache is empty")]
    [InlineData("OK is set")]
    public void Words_that_name_no_variable_are_no_hint_of_one(string line) =>
        Assert.Null(FailureHints.For("build", "The command exited with status 1.", [line]));
}
