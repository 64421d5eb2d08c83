using Portico.Engines.Process.Actions;

namespace Portico.Engines.Process;

internal sealed record ProcessEngineOptions
{
    /// <summary>The directory of all engine data. If the engine runs as root, other accounts must be able to enter each directory above it.</summary>
    public required string Home { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The account that workloads run as if the engine runs as root. The engine creates it if it does not exist.</summary>
    public string AccountName { get; init; } = "portico";

    /// <summary>The first and the last account number of workloads, if the engine runs as root; null to choose a free range.</summary>
    public (uint First, uint Last)? AccountNumbers { get; init; }

    /// <summary>How many bytes of the output of one instance or run are kept.</summary>
    public long LogBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many logs of deleted instances are kept per owner.</summary>
    public int LogsKept { get; init; } = 20;

    /// <summary>How many processes and threads one instance or run may have.</summary>
    public int ProcessLimit { get; init; } = 4096;

    /// <summary>Running builds are stopped when the engine's disk has less free space than this.</summary>
    public long ReservedDiskBytes { get; init; }

    /// <summary>Whether builds get the credentials in the proxy and registry settings of <see cref="Environment"/>.</summary>
    public bool BuildCredentials { get; init; }

    /// <summary>The URL or directory of a release of python-build-standalone; null to use only the Python versions that are installed.</summary>
    public string? PythonMirror { get; init; }

    /// <summary>The environment from which workloads get proxies, certificates and package registries; by default that of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = System.Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    /// <summary>The addresses of the private network, as IPv4 CIDR; null to choose a free range and keep it.</summary>
    public string? NetworkRange { get; init; }

    /// <summary>The ports of this machine that workloads reach like everybody: those of the edge.</summary>
    public IReadOnlyList<int> EdgePorts { get; init; } = [];

    /// <summary>False makes the engine behave as on a machine that cannot have a private network.</summary>
    public bool UsePrivateNetwork { get; init; } = true;

    /// <summary>False makes the engine behave as on a machine whose control groups it cannot write.</summary>
    public bool UseControlGroups { get; init; } = true;

    /// <summary>Called before each action for an instance or run. Tests throw here to prove that a failing action does not affect the others.</summary>
    internal Action<EngineAction, string>? BeforeAction { get; init; }

    /// <summary>Ports for <see cref="Core.Engines.PortBinding.Assigned"/>. They are below the ports that the kernel uses for outgoing connections.</summary>
    public (int First, int Last) Ports { get; init; } = (20000, 32000);
}
