using CsCheck;
using Portico.ControlPlane.Logs;

namespace Portico.ControlPlane.Tests.Logs;

public sealed class SeverityTests
{
    [Theory]
    [InlineData("ERROR something broke", LogSeverity.Error)]
    [InlineData("2026-01-01 12:00:00.123 UTC [42] FATAL:  password authentication failed", LogSeverity.Error)]
    [InlineData("2026-01-01 12:00:00.123 UTC [42] LOG:  database system is ready, no ERROR", LogSeverity.Info)]
    [InlineData("[error] nginx says", LogSeverity.Error)]
    [InlineData("error: cannot open file", LogSeverity.Error)]
    [InlineData("npm ERR! missing script: start", LogSeverity.Error)]
    [InlineData("TypeError: undefined is not a function", LogSeverity.Error)]
    [InlineData("Unhandled exception. System.IO.IOException: disk", LogSeverity.Error)]
    [InlineData("Traceback (most recent call last):", LogSeverity.Error)]
    [InlineData("{\"time\":\"2026\",\"level\":\"warn\",\"msg\":\"an error: perhaps\"}", LogSeverity.Warning)]
    [InlineData("{\"level\": \"ERROR\", \"msg\": \"x\"}", LogSeverity.Error)]
    [InlineData("{\"level\":50,\"time\":1700000000000,\"msg\":\"x\"}", LogSeverity.Error)]
    [InlineData("{\"level\":30,\"time\":1700000000000,\"msg\":\"x\"}", LogSeverity.Info)]
    [InlineData("time=2026 level=debug msg=x", LogSeverity.Debug)]
    [InlineData("WARNING:root:careful", LogSeverity.Warning)]
    [InlineData("warn: Microsoft.AspNetCore[3]", LogSeverity.Warning)]
    [InlineData("fail: Microsoft.AspNetCore[3]", LogSeverity.Error)]
    [InlineData("2026-01-01T00:00:00Z error: late", LogSeverity.Error)]
    [InlineData("\u001b[31mERROR\u001b[0m red", LogSeverity.Error)]
    [InlineData("\u001b[32minfo\u001b[39m: green", LogSeverity.Info)]
    [InlineData("Listening on port 10000", LogSeverity.Info)]
    [InlineData("0 errors, 0 warnings", LogSeverity.Info)]
    [InlineData("no error today", LogSeverity.Info)]
    [InlineData("", LogSeverity.Info)]
    [InlineData("\u001b", LogSeverity.Info)]
    public void Level_is_what_loggers_say(string line, LogSeverity expected) => Assert.Equal(expected, Severity.Of(line));

    [Fact]
    public void Any_line_has_one() => Gen.String[Gen.Char["eErRoO[]:=\"\u001b m"], 0, 60].Sample(line => Severity.Of(line) >= LogSeverity.Debug);
}
