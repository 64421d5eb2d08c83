namespace Portico.Hosting.Loops;

/// <summary>What one background loop has done so far.</summary>
/// <param name="LastPass">When the newest pass ended; null before the first.</param>
/// <param name="Duration">Of the newest pass.</param>
/// <param name="Passes">Since the process started, failed ones included.</param>
/// <param name="FailingSince">Since when every pass has failed; null while it works.</param>
/// <param name="Message">Why the newest pass failed; null while it works.</param>
/// <param name="Items">Those that failed and wait for their next attempt.</param>
public sealed record LoopReport(
    string Name, DateTimeOffset? LastPass, TimeSpan Duration, long Passes, long Failures, DateTimeOffset? FailingSince, string? Message,
    IReadOnlyList<FailingItem> Items);

/// <summary>One item of a loop whose work failed; all others continue.</summary>
/// <param name="Attempts">Failures in a row; those of the whole machine are not counted.</param>
public sealed record FailingItem(string Item, int Attempts, DateTimeOffset FailingSince, DateTimeOffset RetryAt, string Message);
