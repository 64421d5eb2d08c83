using Microsoft.Extensions.Time.Testing;
using Portico.Core.Ids;

namespace Portico.Core.Tests.Ids;

public sealed class IdSourceTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Time_and_randomness_are_given_so_an_id_can_be_known()
    {
        var ids = new IdSource(_time, static bytes => bytes.Fill(0xFF));

        Assert.Equal("srv-06dnpacch3vvvvvvvvvg", ids.New<ServiceId>().Value);
    }

    [Fact]
    public void A_later_id_sorts_later()
    {
        var ids = new IdSource(_time);
        var earlier = ids.New<DeployId>();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(string.CompareOrdinal(earlier.Value, ids.New<DeployId>().Value) < 0);
    }

    [Fact]
    public void Ids_of_one_moment_differ_and_keep_their_order()
    {
        var ids = new IdSource(_time);

        var made = Enumerable.Range(0, 1000).Select(_ => ids.New<EventId>().Value).ToList();

        Assert.Equal(1000, made.Distinct().Count());
        Assert.Equal(made.Order(StringComparer.Ordinal), made);
    }
}
