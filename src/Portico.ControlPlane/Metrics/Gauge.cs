namespace Portico.ControlPlane.Metrics;

/// <summary>What is measured again and again. The numbers are stored: they never change their meaning.</summary>
internal enum Gauge
{
    /// <summary>Cores in use, on average since the last measurement.</summary>
    Cpu = 1,

    /// <summary>Cores.</summary>
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

/// <param name="Instance">Empty for what belongs to the resource as a whole.</param>
internal sealed record GaugeSample(Gauge Gauge, string Resource, string Instance, double Value);
