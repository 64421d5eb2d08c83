namespace Portico.Cli.Checks;

/// <summary>One thing that <c>doctor</c> looked at.</summary>
/// <param name="Level"><c>ok warning error</c>, as the server's own checks have it.</param>
/// <param name="Fix">What to do; null when nothing is.</param>
internal sealed record CheckResult(string Level, string Name, string Message, string? Fix = null)
{
    public static CheckResult Ok(string name, string message) => new("ok", name, message);

    public static CheckResult Warning(string name, string message, string fix) => new("warning", name, message, fix);

    public static CheckResult Error(string name, string message, string fix) => new("error", name, message, fix);
}
