namespace Portico.Api.Contracts.Platform;

/// <summary>Other ways to send a request that a form sends: <c>POST /portico/v1/code/…</c>.</summary>
/// <param name="Command">The <c>portico</c> command, for a POSIX shell.</param>
/// <param name="Blueprint">A <c>render.yaml</c> with this resource alone, which <c>portico up</c> applies.</param>
public sealed record RequestCode(CodeText Command, CodeText Blueprint);

/// <param name="Text">The text; null if there is none that does the same as the request.</param>
/// <param name="Problem">Why there is none; null if there is one.</param>
public sealed record CodeText(string? Text, string? Problem)
{
    public static CodeText Of(string text) => new(text, null);

    public static CodeText Not(string problem) => new(null, problem);
}
