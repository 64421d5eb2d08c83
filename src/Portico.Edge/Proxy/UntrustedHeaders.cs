using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Portico.Edge.Proxy;

/// <summary>
/// Headers with which a client could pretend to be another client, to use another scheme, host or path, or to be a trusted proxy or web
/// server. They never reach a service from outside.
/// </summary>
/// <remarks>
/// Many servers pass headers as variables, in which every character but letters and digits becomes an underscore. So
/// <c>X_Forwarded_For</c> is <c>X-Forwarded-For</c> to an application, and is compared in that way here.
/// </remarks>
internal static class UntrustedHeaders
{
    private const int Shortest = 5;
    private const string Forwarded = "x-forwarded";

    private static readonly FrozenSet<string> Names = new[]
    {
        // Who the client is.
        "forwarded", "forwarded-for", "x-real-ip", "x-real-port", "client-ip", "x-client-ip", "x-client-port", "x-cluster-client-ip", "http-client-ip",
        "x-http-client-ip", "proxy-client-ip", "wl-proxy-client-ip", "true-client-ip", "cf-connecting-ip", "cf-connecting-ipv6",
        "cf-pseudo-ipv4", "cf-visitor", "cf-ipcountry", "fastly-client-ip", "fastly-ssl", "fly-client-ip", "x-azure-clientip", "x-azure-socketip",
        "x-appengine-user-ip", "x-appengine-remote-addr", "x-envoy-external-address", "x-envoy-internal", "x-remote-ip", "x-remote-addr",
        "x-remote-host", "remote-addr", "remote-host", "x-originating-ip", "x-original-for", "x-original-forwarded-for", "x-original-remote-addr",
        "http-x-forwarded-for", "x-proxyuser-ip", "x-nginx-proxy",
        // Who the user is, by a proxy that checks it.
        "remote-user", "x-remote-user", "x-auth-request-user", "x-auth-request-email", "x-client-cert", "x-client-verify", "x-client-dn",
        "x-ssl-client-cert", "x-ssl-client-verify", "x-ssl-client-s-dn", "ssl-client-cert", "ssl-client-verify", "ssl-client-s-dn",
        "client-cert", "client-cert-chain", "x-arr-clientcert", "x-arr-ssl",
        // Which scheme, host or path was asked for.
        "x-scheme", "x-url-scheme", "x-https", "x-ssl", "front-end-https", "x-original-proto", "x-original-host", "x-original-url",
        "x-original-uri", "x-original-path", "x-original-prefix", "x-rewrite-url", "x-rewrite-uri", "x-envoy-original-path", "x-host", "x-real-host",
        "x-http-host-override", "x-http-destinationurl", "x-script-name", "x-base-path",
        // What only the web server in front may say: files to send, and a proxy for outgoing requests.
        "x-accel-mapping", "x-accel-redirect", "x-sendfile", "x-sendfile-type", "proxy",
        RequestId.HeaderName, RequestId.RenderHeaderName,
    }.ToFrozenSet(new AsVariables());

    public static bool Contains(string name) => name.Length >= Shortest && (IsForwarded(name) || Names.Contains(name));

    /// <summary>All of <c>X-Forwarded</c>, <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c>, <c>-User</c> and the like.</summary>
    private static bool IsForwarded(string name)
    {
        if (name.Length < Forwarded.Length || (name[0] | 0x20) != 'x')
            return false;
        for (var i = 0; i < Forwarded.Length; i++)
        {
            if (AsVariables.Of(name[i]) != Forwarded[i])
                return false;
        }
        return true;
    }

    private sealed class AsVariables : IEqualityComparer<string>
    {
        public static char Of(char character) => char.IsAsciiLetterOrDigit(character) ? char.ToLowerInvariant(character) : '-';

        public bool Equals(string? x, string? y)
        {
            if (x is null || y is null || x.Length != y.Length)
                return x == y;
            for (var i = 0; i < x.Length; i++)
            {
                if (Of(x[i]) != Of(y[i]))
                    return false;
            }
            return true;
        }

        /// <summary>The length and both ends suffice to tell nearly all names apart.</summary>
        public int GetHashCode([DisallowNull] string name) => name.Length << 16 | Of(name[0]) << 8 | Of(name[^1]);
    }
}
