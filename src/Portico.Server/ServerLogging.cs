using Microsoft.Extensions.Logging.Console;
using Portico.ControlPlane.Api.Access;

namespace Portico.Server;

/// <summary>One line an entry, to the log file that the keeper appends to.</summary>
internal static class ServerLogging
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Each request without a key is a line there.
        logging.AddFilter("ApiKeyAuthentication", LogLevel.Warning);
        // The keys lie beside what they encrypt, readable by the owner alone; that is known and meant.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Error);
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
