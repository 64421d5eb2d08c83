namespace Portico.Engines.Process.Actions;

/// <summary>What the engine does for one instance, revision, owner or run.</summary>
internal enum EngineAction
{
    /// <summary>Decide what to do for the instances of a revision.</summary>
    Decide,

    /// <summary>Create a new instance of a revision.</summary>
    Create,

    Start,
    Drain,
    Stop,
    Kill,

    /// <summary>Forget an instance that has ended.</summary>
    Remove,

    /// <summary>Delete the files of an instance or revision that was forgotten.</summary>
    Delete,

    /// <summary>Delete old logs of an owner.</summary>
    PruneLogs,

    /// <summary>Write the record of what has already happened.</summary>
    Save,

    /// <summary>Follow a process to its end.</summary>
    Follow,

    /// <summary>Check the health of an instance.</summary>
    Check,

    /// <summary>Lower the CPU limit of an instance that has started to that of its plan.</summary>
    LimitCpu,

    /// <summary>Check the time, output, memory and disk that a run uses.</summary>
    CheckLimits,

    ReadLog,
    Measure,
}
