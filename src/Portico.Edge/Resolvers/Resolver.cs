using System.Net;
using Portico.Edge.Model;

namespace Portico.Edge.Resolvers;

/// <summary>Answers the queries of a network's workloads, from the current snapshot or by asking the machine's resolvers.</summary>
internal sealed class Resolver(ModelStore store, DnsForwarder forwarder)
{
    /// <param name="address">The address that was asked, which stands for the network.</param>
    /// <returns>Null if the message is not to be answered.</returns>
    public async ValueTask<byte[]?> AnswerAsync(IPAddress address, ReadOnlyMemory<byte> message, bool byTcp, CancellationToken cancellationToken)
    {
        if (!DnsQuery.TryRead(message.Span, out var query, out var code))
            return code is { } problem ? DnsResponse.Refuse(message.Span, problem) : null;
        var model = store.Current;
        if (!query.IsInternet || model.Network is not { } network || !network.Zones.TryGetValue(address, out var zone))
            return DnsResponse.Write(query, DnsCode.Refused);
        if (ZoneAnswers.Find(model, network, zone, query) is { } known)
            return DnsResponse.Write(query, known.Exists ? DnsCode.Success : DnsCode.NoSuchName, known.Addresses, known.Lifetime, isDatagram: !byTcp);
        return await forwarder.AskAsync(query, message, zone.Id, byTcp, cancellationToken) ?? DnsResponse.Write(query, DnsCode.ServerFailure);
    }
}
