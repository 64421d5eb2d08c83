namespace Portico.ControlPlane.Metrics;

/// <summary>A value that is measured regularly. The numbers are stored and must never change their meaning.</summary>
internal enum Gauge
{
    /// <summary>The average number of CPU cores in use since the last measurement.</summary>
    Cpu = 1,

    /// <summary>The limit in CPU cores.</summary>
    CpuLimit = 2,

    /// <summary>Bytes.</summary>
    Memory = 3,

    /// <summary>Bytes.</summary>
    MemoryLimit = 4,

    InstanceCount = 5,

    /// <summary>Bytes.</summary>
    DiskUsage = 6,

    /// <summary>Bytes.</summary>
    DiskCapacity = 7,

    ActiveConnections = 8,
}

/// <param name="Instance">The instance; empty for a value of the whole resource.</param>
internal sealed record GaugeSample(Gauge Gauge, string Resource, string Instance, double Value);
