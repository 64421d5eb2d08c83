namespace Portico.Core.Engines;

/// <summary>
/// The parts of failure messages by which other code recognizes a failure, for example to add a hint. An engine must use them for
/// these failures.
/// </summary>
public static class FailureTexts
{
    /// <summary>A run exceeded its time limit, which follows.</summary>
    public const string TookLongerThan = "It took longer than";

    /// <summary>A build exceeded its limit of output, which follows.</summary>
    public const string PrintedMoreThan = "It printed more than";

    /// <summary>Any workload exceeded its memory limit.</summary>
    public const string RanOutOfMemory = "ran out of memory";

    /// <summary>A build exceeded its memory limit, which follows.</summary>
    public const string BuildRanOutOfMemory = $"It {RanOutOfMemory}: a build";

    /// <summary>A health check got no response in time. The time follows.</summary>
    public const string NoAnswerWithin = "got no answer within";

    /// <summary>A health check got a response that is not a success. The HTTP status follows.</summary>
    public const string AnsweredWithStatus = "answered with status";

    /// <summary>A program listens where no other machine reaches it. The address follows.</summary>
    public const string ListensOnlyOn = "was refused: it listens only on";
}
