namespace Portico.Cli.Checks;

/// <summary>The result of one check of <c>doctor</c>.</summary>
/// <param name="Level"><c>ok</c>, <c>warning</c> or <c>error</c>, as in the server's own checks.</param>
/// <param name="Fix">What the user should do; null when there is nothing to do.</param>
internal sealed record CheckResult(string Level, string Name, string Message, string? Fix = null)
{
    public static CheckResult Ok(string name, string message) => new("ok", name, message);

    public static CheckResult Warning(string name, string message, string fix) => new("warning", name, message, fix);

    public static CheckResult Error(string name, string message, string fix) => new("error", name, message, fix);
}
