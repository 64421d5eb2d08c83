namespace Portico.Core.Sleep;

/// <summary>Whether a service runs while nobody asks for it.</summary>
public enum SleepState
{
    /// <summary>Its instances are kept running.</summary>
    Awake,

    /// <summary>Nothing runs; the next request wakes it.</summary>
    Asleep,

    /// <summary>Its instances are started, and requests wait for the first that is ready.</summary>
    Waking,
}
