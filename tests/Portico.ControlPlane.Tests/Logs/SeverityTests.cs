using CsCheck;
using Portico.ControlPlane.Logs;

namespace Portico.ControlPlane.Tests.Logs;

public sealed class SeverityTests
{
    [Theory]
    [InlineData("ERROR something broke", nameof(LogSeverity.Error))]
    [InlineData("2026-01-01 12:00:00.123 UTC [42] FATAL:  password authentication failed", nameof(LogSeverity.Error))]
    [InlineData("2026-01-01 12:00:00.123 UTC [42] LOG:  database system is ready, no ERROR", nameof(LogSeverity.Info))]
    [InlineData("[error] nginx says", nameof(LogSeverity.Error))]
    [InlineData("error: cannot open file", nameof(LogSeverity.Error))]
    [InlineData("npm ERR! missing script: start", nameof(LogSeverity.Error))]
    [InlineData("TypeError: undefined is not a function", nameof(LogSeverity.Error))]
    [InlineData("Unhandled exception. System.IO.IOException: disk", nameof(LogSeverity.Error))]
    [InlineData("Traceback (most recent call last):", nameof(LogSeverity.Error))]
    [InlineData("{\"time\":\"2026\",\"level\":\"warn\",\"msg\":\"an error: perhaps\"}", nameof(LogSeverity.Warning))]
    [InlineData("{\"level\": \"ERROR\", \"msg\": \"x\"}", nameof(LogSeverity.Error))]
    [InlineData("{\"level\":50,\"time\":1700000000000,\"msg\":\"x\"}", nameof(LogSeverity.Error))]
    [InlineData("{\"level\":30,\"time\":1700000000000,\"msg\":\"x\"}", nameof(LogSeverity.Info))]
    [InlineData("time=2026 level=debug msg=x", nameof(LogSeverity.Debug))]
    [InlineData("WARNING:root:careful", nameof(LogSeverity.Warning))]
    [InlineData("warn: Microsoft.AspNetCore[3]", nameof(LogSeverity.Warning))]
    [InlineData("fail: Microsoft.AspNetCore[3]", nameof(LogSeverity.Error))]
    [InlineData("2026-01-01T00:00:00Z error: late", nameof(LogSeverity.Error))]
    [InlineData("\u001b[31mERROR\u001b[0m red", nameof(LogSeverity.Error))]
    [InlineData("\u001b[32minfo\u001b[39m: green", nameof(LogSeverity.Info))]
    [InlineData("Listening on port 10000", nameof(LogSeverity.Info))]
    [InlineData("0 errors, 0 warnings", nameof(LogSeverity.Info))]
    [InlineData("no error today", nameof(LogSeverity.Info))]
    [InlineData("", nameof(LogSeverity.Info))]
    [InlineData("\u001b", nameof(LogSeverity.Info))]
    public void Level_is_what_loggers_say(string line, string expected) => Assert.Equal(expected, Severity.Of(line).ToString());

    [Fact]
    public void Any_line_has_one() => Gen.String[Gen.Char["eErRoO[]:=\"\u001b m"], 0, 60].Sample(line => Severity.Of(line) >= LogSeverity.Debug);
}
