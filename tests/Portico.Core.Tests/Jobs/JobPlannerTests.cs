using Portico.Core.Engines;
using Portico.Core.Jobs;

namespace Portico.Core.Tests.Jobs;

public sealed class JobPlannerTests
{
    private static readonly RunState Absent = new RunState.Absent(), Running = new RunState.Running(DateTimeOffset.UnixEpoch),
        Succeeded = new RunState.Succeeded(null), Failed = new RunState.Failed("It exited.", 3), Unknown = new RunState.Unknown();

    [Fact]
    public void It_is_started_only_while_nobody_has_seen_it()
    {
        Assert.IsType<JobStep.Start>(JobPlanner.Next(Pending, Absent));
        Assert.Equal(JobStatus.Unknown, To(Pending with { Status = JobStatus.Running }, Absent));
        foreach (var run in (RunState[])[Running, Succeeded, Failed, Unknown])
            Assert.IsNotType<JobStep.Start>(JobPlanner.Next(Pending, run));
    }

    [Fact]
    public void It_ends_as_its_run_did_and_what_nobody_saw_is_no_success()
    {
        Assert.Equal(JobStatus.Running, To(Pending, Running));
        foreach (var job in (JobState[])[Pending, Pending with { Status = JobStatus.Running }])
        {
            Assert.Equal(JobStatus.Succeeded, To(job, Succeeded));
            Assert.Equal(JobStatus.Failed, To(job, Failed));
            Assert.Equal(JobStatus.Unknown, To(job, Unknown));
        }
    }

    [Fact]
    public void Cancelling_ends_what_runs_and_keeps_what_had_succeeded()
    {
        var asked = Pending with { CancelRequested = true };
        Assert.Equal(JobStatus.Canceled, To(asked, Absent));
        Assert.IsType<JobStep.Cancel>(JobPlanner.Next(asked with { Status = JobStatus.Running }, Running));
        Assert.Equal(JobStatus.Canceled, To(asked with { Status = JobStatus.Running }, Failed));
        Assert.Equal(JobStatus.Succeeded, To(asked with { Status = JobStatus.Running }, Succeeded));
    }

    [Fact]
    public void It_waits_its_turn_and_fails_without_an_artifact()
    {
        Assert.IsType<JobStep.Wait>(JobPlanner.Next(Pending with { MustWait = true }, Absent));
        Assert.Equal(JobStatus.Failed, To(Pending with { HasArtifact = false }, Absent));
    }

    [Fact]
    public void Every_move_is_legal()
    {
        foreach (var status in (JobStatus[])[JobStatus.Pending, JobStatus.Running])
            foreach (var cancel in (bool[])[false, true])
                foreach (var run in (RunState[])[Absent, Running, Succeeded, Failed, Unknown])
                    if (JobPlanner.Next(new JobState { Status = status, CancelRequested = cancel }, run) is JobStep.Move move)
                        Assert.True(JobStatuses.CanMove(status, move.To), $"{status} → {move.To}");
    }

    private static JobState Pending { get; } = new() { Status = JobStatus.Pending };

    private static JobStatus To(JobState job, RunState run) => Assert.IsType<JobStep.Move>(JobPlanner.Next(job, run)).To;
}
