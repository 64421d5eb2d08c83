using System.Net;
using System.Net.Sockets;
using Portico.Core.Routing;
using Portico.Edge.Resolvers;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

/// <summary>Addresses of the loopback network stand for those of the private network, so that no rules of the machine are needed.</summary>
public sealed class ResolverTests
{
    private const ushort A = 1, Txt = 16, Aaaa = 28;
    private const int NoSuchName = 3, ServerFailure = 2;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_names_of_a_network_resolve_to_internal_addresses()
    {
        await using var network = await TestNetwork.StartAsync();

        Assert.Equal(["127.77.128.1"], (await network.AskAsync("api", A)).Addresses);
        Assert.Equal(["127.77.128.1"], (await network.AskAsync("API", A)).Addresses);
        Assert.Equal(["127.77.64.1"], (await network.AskAsync("dpg-1-a", A)).Addresses);
    }

    [Fact]
    public async Task A_name_without_an_IPv6_address_exists_all_the_same()
    {
        await using var network = await TestNetwork.StartAsync();

        foreach (var name in new[] { "api", "api.localhost", "api-discovery", "localhost" })
            Assert.Equal((0, 0), await network.AskAsync(name, Aaaa) is { } answer ? (answer.Code, answer.Addresses.Count) : default);
        Assert.Equal(0, (await network.AskAsync("api", Txt)).Code);
    }

    [Fact]
    public async Task Discovery_gives_all_instances()
    {
        await using var network = await TestNetwork.StartAsync();

        Assert.Equal(["127.77.1.1", "127.77.1.2"], (await network.AskAsync("api-discovery", A)).Addresses.Order());
        Assert.Empty((await network.AskAsync("other-discovery", A)).Addresses);
    }

    [Fact]
    public async Task Public_names_of_the_platform_lead_to_the_edge()
    {
        await using var network = await TestNetwork.StartAsync();

        foreach (var name in new[] { "api.localhost", "anything.localhost", "shop.example.org" })
            Assert.Equal(["127.77.0.1"], (await network.AskAsync(name, A)).Addresses);
        Assert.Equal(["127.0.0.1"], (await network.AskAsync("localhost", A)).Addresses);
    }

    [Fact]
    public async Task Names_of_other_networks_do_not_exist_and_are_not_asked_for_outside()
    {
        await using var network = await TestNetwork.StartAsync();

        Assert.Equal(NoSuchName, (await network.AskAsync("redis", A)).Code);
        Assert.Equal(NoSuchName, (await network.AskAsync("1.128.77.127.in-addr.arpa", 12)).Code);
        Assert.Equal(["127.77.128.2"], (await network.AskAsync("redis", A, resolver: TestNetwork.OtherResolver)).Addresses);
        Assert.Empty(network.Upstream.Asked);
    }

    [Fact]
    public async Task Other_names_are_asked_for_outside()
    {
        await using var network = await TestNetwork.StartAsync();

        Assert.Equal(["192.0.2.7"], (await network.AskAsync("www.example.com", A)).Addresses);
        Assert.Equal(["192.0.2.7"], (await network.AskAsync("www.example.com", A, byTcp: true)).Addresses);
        Assert.Equal(["www.example.com", "www.example.com by TCP"], network.Upstream.Asked);
    }

    [Fact]
    public async Task An_answer_to_another_question_is_not_taken()
    {
        await using var network = await TestNetwork.StartAsync(upstream => upstream.Forges = true);

        Assert.Equal(["192.0.2.7"], (await network.AskAsync("www.example.com", A)).Addresses);
    }

    [Fact]
    public async Task The_next_resolver_is_asked_when_one_does_not_answer()
    {
        await using var network = await TestNetwork.StartAsync(silentFirst: true);

        Assert.Equal(["192.0.2.7"], (await network.AskAsync("www.example.com", A)).Addresses);
    }

    [Fact]
    public async Task Without_a_resolver_the_failure_is_said()
    {
        await using var network = await TestNetwork.StartAsync();
        network.WriteResolvers();
        await network.RestartAsync();

        Assert.Equal(ServerFailure, (await network.AskAsync("www.example.com", A)).Code);
        Assert.Equal(["127.77.128.1"], (await network.AskAsync("api", A)).Addresses);
    }

    [Fact]
    public async Task Many_instances_fit_into_an_answer_by_TCP()
    {
        var instances = Enumerable.Range(1, 100).Select(number => new RouteInstance($"srv-api-{number}", $"127.77.2.{number}", 80)).ToArray();
        await using var network = await TestNetwork.StartAsync(instances: instances);

        var datagram = await network.AskAsync("api-discovery", A);

        Assert.True(datagram.IsTruncated);
        Assert.NotEmpty(datagram.Addresses);
        Assert.Equal(100, (await network.AskAsync("api-discovery", A, byTcp: true)).Addresses.Count);
    }

    [Fact]
    public async Task A_resolver_goes_with_its_network_and_comes_with_a_new_one()
    {
        await using var network = await TestNetwork.StartAsync();
        await network.ServeAsync(snapshot => snapshot with { Network = snapshot.Network! with { Networks = [snapshot.Network.Networks[0]] } });

        await Eventually.TrueAsync(() => Task.FromResult(CanBind(TestNetwork.OtherResolver, network.Port)), "the resolver is closed");
        await network.ServeAsync(snapshot => snapshot);

        await Eventually.TrueAsync(async () => (await network.AskAsync("redis", A, resolver: TestNetwork.OtherResolver)).Addresses.Count == 1, "it is open again");
    }

    [Fact]
    public async Task Whatever_is_sent_is_answered_or_dropped_and_the_resolver_still_answers()
    {
        await using var network = await TestNetwork.StartAsync();
        var random = new Random(4711);
        var usual = DnsMessages.Query(1, "api.example.com", A);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        for (var round = 0; round < 2000; round++)
            await socket.SendToAsync(Damage(usual, random), new IPEndPoint(TestNetwork.Resolver, network.Port), Cancelled);

        Assert.Equal(["127.77.128.1"], (await network.AskAsync("api", A)).Addresses);
        Assert.Empty((await network.StatusAsync()).Problems);
    }

    [Fact]
    public void No_bytes_make_the_parser_fail_and_what_it_reads_it_repeats()
    {
        var random = new Random(42);
        var usual = DnsMessages.Query(7, "some-name.with.labels.example.com", A);
        for (var round = 0; round < 200_000; round++)
        {
            var message = round % 2 == 0 ? Damage(usual, random) : RandomBytes(random);
            if (DnsQuery.TryRead(message, out var query, out var code))
            {
                Assert.Null(code);
                Assert.True(query.Question.Span.SequenceEqual(message.AsSpan(12, query.Question.Length)));
                Assert.True(query.Name is null || query.Name.Length <= 255);
                var response = DnsResponse.Write(query, DnsCode.Success, [IPAddress.Loopback], TimeSpan.FromSeconds(1), isDatagram: true);
                Assert.True(query.IsAnsweredBy(response, query.Id));
            }
            else if (code is { } problem)
            {
                Assert.Equal(12, DnsResponse.Refuse(message, problem).Length);
            }
        }
    }

    [Theory]
    [InlineData("nameserver 192.0.2.1", "192.0.2.1:53")]
    [InlineData("  nameserver\t192.0.2.1 # comment", "192.0.2.1:53")]
    [InlineData("nameserver [192.0.2.1]:5353", "192.0.2.1:5353")]
    [InlineData("nameserver 2001:db8::1", "[2001:db8::1]:53")]
    [InlineData("nameserver nonsense", null)]
    [InlineData("nameserver", null)]
    [InlineData("# nameserver 192.0.2.1", null)]
    [InlineData("search example.org", null)]
    public void Resolvers_are_read_as_the_C_library_reads_them(string line, string? expected) =>
        Assert.Equal(expected, UpstreamResolvers.Parse([line]).FirstOrDefault()?.ToString());

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static byte[] Damage(byte[] message, Random random)
    {
        var damaged = message.ToArray();
        for (var change = random.Next(1, 6); change > 0; change--)
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        return damaged[..random.Next(1, damaged.Length + 1)];
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(0, 300)];
        random.NextBytes(bytes);
        return bytes;
    }
}
