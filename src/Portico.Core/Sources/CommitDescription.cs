namespace Portico.Core.Sources;

/// <summary>The message and time of a commit.</summary>
/// <param name="Message">The message, which is truncated if it is very long.</param>
/// <param name="At">When the commit was created.</param>
public sealed record CommitDescription(string Message, DateTimeOffset At);
