using System.Net;
using Portico.Core.Networks;

namespace Portico.Core.Tests.Networks;

public sealed class NetworkAddressesTests
{
    [Fact]
    public void Each_kind_of_resource_has_its_part_of_the_range()
    {
        var addresses = new NetworkAddresses("10.201.0.0/16");

        Assert.Equal("10.201.64.1", addresses.OfStore(1));
        Assert.Equal("10.201.128.1", addresses.OfService(1));
        Assert.Equal("10.201.129.0", addresses.OfService(256));
        Assert.Equal("10.201.192.1", addresses.OfStoreAtEdge(1));
        Assert.Equal("10.201.240.1", addresses.OfResolver(1));
    }

    [Theory]
    [InlineData("10.201.0.0/16")]
    [InlineData("172.20.0.0/20")]
    [InlineData("192.168.7.0/24")]
    [InlineData("10.0.0.0/8")]
    public void No_address_is_given_twice_or_outside_of_the_range(string range)
    {
        var (addresses, network) = (new NetworkAddresses(range), IPNetwork.Parse(range));
        var all = Numbers(addresses.MostServices).Select(addresses.OfService)
            .Concat(Numbers(addresses.MostStores).SelectMany(number => new[] { addresses.OfStore(number), addresses.OfStoreAtEdge(number) }))
            .Concat(Numbers(addresses.MostNetworks).Select(addresses.OfResolver)).ToList();

        Assert.DoesNotContain(null, all);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, address => Assert.True(network.Contains(IPAddress.Parse(address!))));
        Assert.Null(addresses.OfService(addresses.MostServices + 1));
        Assert.Null(addresses.OfService(0));
    }

    [Theory]
    [InlineData("10.0.0.0/25")]
    [InlineData("2001:db8::/32")]
    [InlineData("nonsense")]
    public void Other_ranges_are_refused(string range) => Assert.Throws<FormatException>(() => new NetworkAddresses(range));

    [Fact]
    public void A_number_that_became_free_is_given_again_only_when_all_others_are_taken()
    {
        Assert.Equal(1, NumberSequence.Next(new HashSet<int>(), 3));
        Assert.Equal(3, NumberSequence.Next(new HashSet<int> { 2 }, 3));
        Assert.Equal(1, NumberSequence.Next(new HashSet<int> { 2, 3 }, 3));
        Assert.Null(NumberSequence.Next(new HashSet<int> { 1, 2, 3 }, 3));
    }

    // A large range in steps: its borders matter.
    private static IEnumerable<int> Numbers(int most) => Enumerable.Range(1, most).Where(number => most < 100_000 || number < 300 || number > most - 300);
}
