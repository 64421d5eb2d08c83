using System.Globalization;
using System.Security.Authentication;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Postgres;

/// <summary>Explains to users why a server could not be set up, and what to do.</summary>
internal static class FailureText
{
    public static string Explain(PostgresSpec spec, InstanceAddress address, Exception exception)
    {
        var server = string.Create(CultureInfo.InvariantCulture, $"PostgreSQL '{spec.Name}' at {address.Host}:{address.Port}");
        return exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => $"{server} is still starting or recovering.",
            PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
                $"{server} has no free connection. Close some, or choose a larger plan.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword } =>
                $"{server} rejected Portico's own password. The disk may belong to another database.",
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => $"{server} has no space left on its disk. Free some space.",
            // Only the server's message is used, because its details may quote data.
            PostgresException other => $"{server} refused a change: {other.MessageText}.",
            { InnerException: AuthenticationException } =>
                $"{server} presented an unknown certificate. Another program may be using the port. Check what listens there.",
            _ => $"{server} does not respond: {exception.Message}",
        };
    }
}
