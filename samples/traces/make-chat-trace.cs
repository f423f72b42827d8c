// Writes chat-2min.csv to standard output: dotnet run samples/traces/make-chat-trace.cs > samples/traces/chat-2min.csv
const double Window = 120;
const int ContextLimit = 4096;
const double Busy = 3.0; // conversations begun a second
const double Calm = 0.3;
var random = new Random(42);
var requests = new List<(double Arrival, int Input, int Output)>();

// Conversations start at a rate that jumps between calm and busy. They start early, so that the window opens on a full house.
for (double start = -Window, phaseEnd = start, rate = Busy; start < Window;)
{
    if (start >= phaseEnd)
    {
        rate = rate == Busy ? Calm : Busy;
        phaseEnd = start + Exponential(rate == Busy ? 6 : 14);
    }

    start += Exponential(1 / rate);
    AddConversation(start);
}

Console.Write("arrival_s,input_tokens,output_tokens\n");
foreach ((double arrival, int input, int output) in requests.OrderBy(r => r.Arrival))
{
    Console.Write(FormattableString.Invariant($"{arrival:0.000},{input},{output}\n"));
}

// Every turn sends the whole history again, so prompts grow; a longer message gets a longer answer.
void AddConversation(double arrival)
{
    int history = 40; // the system prompt
    do
    {
        double message = random.NextDouble() < 0.06 ? Lognormal(700, 0.6) : Lognormal(45, 1.0);
        int input = history + (int)message + 1;
        int output = (int)(Lognormal(190, 0.75) * Math.Pow(message / 45, 0.25)) + 1;
        history = input + output;
        if (history >= ContextLimit)
        {
            return;
        }

        if (arrival is >= 0 and < Window)
        {
            requests.Add((arrival, input, output));
        }

        arrival += output / 40.0 + Lognormal(12, 0.8); // the answer is read, the next message written
    }
    while (random.NextDouble() < 0.6);
}

double Exponential(double mean) => -mean * Math.Log(1 - random.NextDouble());

double Lognormal(double median, double sigma) => median * Math.Exp(sigma * Normal());

double Normal() => Math.Sqrt(2 * Exponential(1)) * Math.Cos(2 * Math.PI * random.NextDouble());
