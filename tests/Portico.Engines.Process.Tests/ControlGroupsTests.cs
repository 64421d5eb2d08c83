using Portico.Core.Engines;
using Portico.Engines.Process.Limits;

namespace Portico.Engines.Process.Tests;

/// <summary>One thread may remove the control groups of a workload while another one reads them.</summary>
public sealed class ControlGroupsTests : IAsyncLifetime
{
    private readonly ControlGroups _groups = ControlGroups.Detect($"portico-test-{Path.GetRandomFileName()}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _groups.RemoveAllAsync(TimeProvider.System);

    [Fact]
    public async Task Groups_may_disappear_while_they_are_read()
    {
        Assert.SkipUnless(_groups.LimitsProcesses, "Control groups are not writable here.");
        var used = new HashSet<string>();
        var directories = _groups.Create("one", ResourceLimits.None, processes: 10);
        var reading = Task.Run(() =>
        {
            for (var i = 0; i < 3_000; i++)
            {
                Assert.Empty(ControlGroups.Members(directories));
                Assert.InRange(_groups.Children().Count(), 0, directories.Count);
            }
        }, Token);

        while (!reading.IsCompleted)
        {
            foreach (var directory in directories)
                Directory.CreateDirectory(directory);
            ControlGroups.Attach(directories, "shell");
            ControlGroups.Remove(directories);
            _groups.RemoveAllBut(used);
        }

        await reading;
    }
}
