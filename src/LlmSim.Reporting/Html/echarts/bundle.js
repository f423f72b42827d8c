// What the reports draw with, and no more.
import { use, init } from 'echarts/core';
import { LineChart, ScatterChart, BarChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, ScatterChart, BarChart, GridComponent, TooltipComponent, SVGRenderer]);
export { init };
