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
    [InlineData("start", "The process exited immediately (code 0).", "", "must keep running")]
    [InlineData("health check", "It did not pass. GET http://127.0.0.1:1/ answered with status 404 (tried 9 times).", "", "spelling")]
    [InlineData("health check", "It did not pass. GET http://127.0.0.1:1/ got no answer within 5 s (tried 9 times).", "", "within 5 s")]
    [InlineData("health check", "It did not pass. GET http://127.0.0.1:1/ answered with status 503 (tried 9 times).", "", "its health check fails")]
    [InlineData("health check", "No open port was detected within 15 minutes.", "ready", "0.0.0.0")]
    public void The_hint_speaks_of_the_likely_cause(string step, string message, string line, string expected) =>
        Assert.Contains(expected, FailureHints.For(step, message, [line]), StringComparison.Ordinal);

    [Theory]
    [InlineData("everything is set up")]
    [InlineData("the cache is empty")]
    [InlineData("OK is set")]
    public void Words_that_name_no_variable_are_no_hint_of_one(string line) =>
        Assert.Null(FailureHints.For("build", "The command exited with status 1.", [line]));
}
