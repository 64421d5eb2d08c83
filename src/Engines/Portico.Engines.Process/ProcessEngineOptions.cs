using Portico.Engines.Process.Actions;

namespace Portico.Engines.Process;

public sealed record ProcessEngineOptions
{
    /// <summary>Everything that the engine keeps. Each directory above it must let other accounts pass when the engine is root.</summary>
    public required string Home { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>As root, what belongs to users runs as this account; it is made when it is missing.</summary>
    public string AccountName { get; init; } = "portico";

    /// <summary>How much of one instance's or run's output is kept.</summary>
    public long LogBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many logs of instances that are gone are kept per owner.</summary>
    public int LogsKept { get; init; } = 20;

    /// <summary>Processes and threads that one instance or run may have.</summary>
    public int ProcessLimit { get; init; } = 4096;

    /// <summary>With less free space than this on the engine's disk, a build that runs is ended.</summary>
    public long ReservedDiskBytes { get; init; }

    /// <summary>False: as on a machine whose control groups cannot be written.</summary>
    public bool UseControlGroups { get; init; } = true;

    /// <summary>Called before each action for one instance or run, which fails when this throws: tests prove that all others continue.</summary>
    internal Action<EngineAction, string>? BeforeAction { get; init; }

    /// <summary>Ports for <see cref="Core.Engines.PortBinding.Assigned"/>; below those that the kernel gives to outgoing connections.</summary>
    public (int First, int Last) Ports { get; init; } = (20000, 32000);
}
