using Portico.Core.Engines;
using Portico.Core.Plans;
using static Portico.ControlPlane.State.EventDetails;

namespace Portico.ControlPlane.Running;

/// <summary>Converts a failure to the format of Render's events: by its cause if known, otherwise as text. Pure.</summary>
internal static class FailureReasons
{
    private const string DefaultPlan = "starter";

    /// <param name="plan">The plan that limited the memory; null for the default plan.</param>
    public static Failure Of(FailureCause? cause, string? words, string? plan) => cause switch
    {
        { OutOfMemory: true } => new Failure { OomKilled = new OutOfMemory(Megabytes(cause.MemoryLimitBytes ?? MemoryOf(plan))) },
        { TimedOut: { } given } => new Failure { TimedOutSeconds = (long)given.TotalSeconds, TimedOutReason = words },
        { ExitCode: 0 } => new Failure { EarlyExit = true },
        { ExitCode: { } code } => new Failure { NonZeroExit = code },
        _ => new Failure { Unhealthy = words },
    };

    private static long? MemoryOf(string? plan) => InstanceTypes.Services.Find(plan ?? DefaultPlan)?.Limits.MemoryBytes;

    private static string Megabytes(long? bytes) => bytes is { } limit ? $"{limit >> 20}Mi" : "unlimited";
}
