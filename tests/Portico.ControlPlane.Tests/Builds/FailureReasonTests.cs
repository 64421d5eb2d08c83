using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.Builds;

public sealed class FailureReasonTests
{
    [Fact]
    public void Each_cause_has_the_shape_that_events_have_for_it()
    {
        Assert.Equal("""{"evicted":false,"nonZeroExit":3}""", Told(FailureCause.OfExit(3)));
        Assert.Equal("""{"evicted":false,"earlyExit":true}""", Told(FailureCause.OfExit(0)));
        Assert.Equal("""{"evicted":false,"oomKilled":{"memoryLimit":"2048Mi"}}""", Told(FailureCause.OfMemory(limit: null)));
        Assert.Equal("""{"evicted":false,"oomKilled":{"memoryLimit":"512Mi"}}""", Told(FailureCause.OfMemory(512L << 20)));
        Assert.Equal("""{"evicted":false,"timedOutReason":"why","timedOutSeconds":900}""", Told(FailureCause.OfTime(TimeSpan.FromMinutes(15))));
        Assert.Equal("""{"evicted":false,"unhealthy":"why"}""", Told(null));
    }

    private static string Told(FailureCause? cause) => StoredJson.Write(FailureReasons.Of(cause, "why", "standard"));
}
