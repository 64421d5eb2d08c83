namespace Portico.Core.Sources;

/// <summary>What a commit says about itself.</summary>
/// <param name="Message">Cut where it is very long.</param>
/// <param name="At">When it was committed.</param>
public sealed record CommitDescription(string Message, DateTimeOffset At);
