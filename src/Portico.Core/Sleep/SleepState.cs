namespace Portico.Core.Sleep;

/// <summary>Whether a service sleeps.</summary>
public enum SleepState
{
    /// <summary>Its instances are kept running.</summary>
    Awake,

    /// <summary>No instance runs; the next request wakes it.</summary>
    Asleep,

    /// <summary>Its instances are starting, and requests wait for the first one that is ready.</summary>
    Waking,
}
