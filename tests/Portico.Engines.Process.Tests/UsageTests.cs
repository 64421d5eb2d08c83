using Microsoft.Extensions.Logging.Abstractions;
using Portico.Core.Engines;
using Portico.Engines.Process.Actions;
using Portico.Engines.Process.Usage;
using Portico.Hosting.Loops;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>What real processes use, measured.</summary>
public sealed class UsageTests : ProcessEngineTest
{
    private const long MiB = 1 << 20;

    [Fact]
    public async Task Cpu_and_memory_are_those_of_every_process_of_the_instance()
    {
        // Parent and child each hold 40 MB and compute.
        var revision = Shell("dep-1", "python3 -c \"x = bytes(40 << 20).replace(b'\\0', b'x')\nwhile True: pass\" & exec python3 -c \"x = bytes(40 << 20).replace(b'\\0', b'x')\nwhile True: pass\"")
            with
        { Limits = new ResourceLimits(null, 2000) };
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        var usage = await UntilAsync(usage => usage.CpuTime > TimeSpan.FromSeconds(0.5) && usage.MemoryBytes > 80 * MiB);
        Assert.Equal(instance.Id, usage.Id);
        Assert.Equal(Owner, usage.Owner);
        Assert.Equal(2000, usage.Limits.CpuMillis);
        Assert.InRange(usage.MemoryBytes, 80 * MiB, 160 * MiB);
    }

    [Fact]
    public async Task What_has_not_begun_or_has_ended_uses_nothing()
    {
        Assert.Empty(await Engine.MeasureAsync(Token));
        var revision = Shell("dep-1", "exec sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        Assert.Single(await Engine.MeasureAsync(Token));
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        Assert.Empty(await Engine.MeasureAsync(Token));
    }

    [Fact]
    public async Task Without_control_groups_processes_are_added_up()
    {
        var revision = Shell("dep-1", "sh -c 'exec sleep 300' & exec python3 -c \"import time\nx = bytes(30 << 20).replace(b'\\0', b'x')\nwhile time.process_time() < 0.4: pass\ntime.sleep(300)\"");
        await Engine.EnsureAsync(revision, 1, Token);
        var main = Native.ProcessIdentity.Of((await UntilReadyAsync(revision.Id, 1)).Instances[0].ProcessId!.Value)!;
        var record = new Instances.InstanceRecord
        {
            Supervised = new Core.Supervision.SupervisedInstance { Id = new InstanceId("srv-1-a"), Revision = revision.Id, Sequence = 1 },
            Owner = Owner,
            LogPath = "",
        };
        var guard = new ActionGuard(new ItemRetries("engine action", TimeProvider.System, NullLogger.Instance), before: null);
        InstanceUsage? usage = null;
        await Eventually.TrueAsync(() =>
        {
            usage = UsageMeter.Measure([new MeteredInstance(record, main, ResourceLimits.None)], guard).SingleOrDefault();
            return usage is { CpuTime.TotalSeconds: >= 0.2, MemoryBytes: > 30 * MiB };
        }, "it has computed");
        Assert.InRange(usage!.MemoryBytes, 30 * MiB, 90 * MiB);
    }

    [Fact]
    public async Task A_disk_is_added_up_without_following_links()
    {
        var disk = NewPath();
        Directory.CreateDirectory(Path.Combine(disk, "deep", "deeper"));
        await File.WriteAllBytesAsync(Path.Combine(disk, "a"), new byte[1000], Token);
        await File.WriteAllBytesAsync(Path.Combine(disk, "deep", "deeper", "b"), new byte[500], Token);
        Directory.CreateSymbolicLink(Path.Combine(disk, "loop"), disk);
        Directory.CreateSymbolicLink(Path.Combine(disk, "out"), "/usr");
        File.CreateSymbolicLink(Path.Combine(disk, "file"), Path.Combine(disk, "a"));
        Assert.Equal(1500, DiskUsage.Measure(disk, Token));
        Assert.Null(DiskUsage.Measure(NewPath(), Token));
        Assert.Null(await Engine.MeasureDiskAsync("none", Token));
    }

    [Fact]
    public void Control_groups_of_both_versions_are_understood()
    {
        var group = Directory.CreateDirectory(NewPath()).FullName;
        Assert.Null(ControlGroupUsage.CpuTime([group]));
        Assert.Null(ControlGroupUsage.Memory([group]));
        File.WriteAllText(Path.Combine(group, "cpu.stat"), "usage_usec 1500000\nuser_usec 1\n");
        File.WriteAllText(Path.Combine(group, "memory.current"), "5000\n");
        File.WriteAllText(Path.Combine(group, "memory.stat"), "anon 1\ninactive_file 2000\n");
        Assert.Equal(TimeSpan.FromSeconds(1.5), ControlGroupUsage.CpuTime([group]));
        Assert.Equal(3000, ControlGroupUsage.Memory([group]));
        var (cpu, memory) = (Directory.CreateDirectory(NewPath()).FullName, Directory.CreateDirectory(NewPath()).FullName);
        File.WriteAllText(Path.Combine(cpu, "cpuacct.usage"), "2500000000\n");
        File.WriteAllText(Path.Combine(memory, "memory.usage_in_bytes"), "7000\n");
        File.WriteAllText(Path.Combine(memory, "memory.stat"), "total_inactive_file 8000\n");
        Assert.Equal(TimeSpan.FromSeconds(2.5), ControlGroupUsage.CpuTime([memory, cpu]));
        Assert.Equal(0, ControlGroupUsage.Memory([cpu, memory]));
    }

    private async Task<InstanceUsage> UntilAsync(Func<InstanceUsage, bool> condition)
    {
        var seen = await Eventually.BecomesAsync(
            () => Engine.MeasureAsync(Token), seen => seen.Count == 1 && condition(seen[0]), Eventually.Limit, "one instance is measured as expected");
        return seen[0];
    }
}
